import { ChatError, createToken, sha256 } from '../shared/index.ts'
import type { SignedIn } from './log-in.ts'
import type { SignInLifetime, SignInStore } from './user-store.ts'

/**
 * Replaces a refresh token by the next one. A token that was used before ends its whole sign-in. A token of a sign-in
 * that is too old is refused, so that everybody has to type their password from time to time.
 * @throws ChatError unauthorized
 */
export async function refreshSignIn(
  ctx: { signIns: SignInStore; lifetime: SignInLifetime },
  { refresh_token }: { refresh_token: string },
): Promise<SignedIn> {
  const nextToken = createToken()
  const rotated = await ctx.signIns.rotate(sha256(refresh_token), sha256(nextToken), ctx.lifetime)
  if (!rotated) throw new ChatError('unauthorized')
  return { ...rotated, refresh_token: nextToken }
}
