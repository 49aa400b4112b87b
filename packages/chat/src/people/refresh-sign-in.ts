import { ChatError, createToken, sha256 } from '../shared/index.ts'
import type { SignedIn } from './log-in.ts'
import type { SignInStore } from './user-store.ts'

/**
 * Replaces a refresh token by the next one. A token that was used before ends its whole family.
 * @throws ChatError unauthorized
 */
export async function refreshSignIn(
  ctx: { signIns: SignInStore; refreshTtlSeconds: number },
  { refresh_token }: { refresh_token: string },
): Promise<SignedIn> {
  const next = createToken()
  const rotated = await ctx.signIns.rotate(sha256(refresh_token), sha256(next), ctx.refreshTtlSeconds)
  if (!rotated) throw new ChatError('unauthorized')
  return { ...rotated, refresh_token: next }
}
