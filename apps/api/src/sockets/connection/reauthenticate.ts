import type { UncachedRights } from '@engineer-chat/chat/people'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import { CLOSE_CODES } from '@engineer-chat/protocol'
import type { SocketPeer } from '../room/membership.ts'

export interface TokenContext {
  /** @throws if the token is expired or has no valid signature */
  verifyToken(token: string): ExpiringSignIn | Promise<ExpiringSignIn>
}

export interface ReauthenticateContext extends TokenContext {
  uncachedRights: Pick<UncachedRights, 'findPrincipals'>
}

/**
 * Continues the connection with a new token of the same user. If the new token is not valid or cannot be checked, the
 * previous token stays in use. If the user has another role now, the connection is closed.
 */
export async function reauthenticate(
  ctx: ReauthenticateContext,
  peer: SocketPeer,
  access_token: string,
): Promise<void> {
  const signIn = await findTokenSignIn(ctx, access_token)
  if (signIn?.user_id !== peer.caller.user_id) {
    return peer.sendError('unauthorized', 'This token is not valid for this connection.')
  }
  try {
    const principals = await ctx.uncachedRights.findPrincipals([signIn])
    const role = principals.get(signIn.sign_in_id)?.role
    if (role === undefined) return peer.sendError('unauthorized', 'This token is not valid for this connection.')
    if (role !== peer.caller.role) return peer.close(CLOSE_CODES.unauthenticated, 'signed_out')
  } catch {
    return peer.sendError('unavailable', 'The token cannot be checked now. Send it again in a moment.')
  }
  peer.renew({ signInId: signIn.sign_in_id, expiresAtMs: signIn.expires_at })
  peer.send({ type: 'authenticated', expires_in: countSecondsLeft(signIn) })
}

/** Returns undefined if the token is expired or has no valid signature. */
export async function findTokenSignIn(ctx: TokenContext, token: string): Promise<ExpiringSignIn | undefined> {
  try {
    const signIn = await ctx.verifyToken(token)
    return signIn.expires_at > Date.now() ? signIn : undefined
  } catch {
    return undefined
  }
}

const countSecondsLeft = ({ expires_at }: ExpiringSignIn): number =>
  Math.max(0, Math.floor((expires_at - Date.now()) / 1_000))
