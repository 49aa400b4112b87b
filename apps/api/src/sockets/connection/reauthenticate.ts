import type { RightsReader } from '@engineer-chat/chat/people'
import type { TicketHolder } from '@engineer-chat/chat/stores'
import { CLOSE } from '@engineer-chat/protocol'
import type { SocketPeer } from '../room/membership.ts'

export interface TokenContext {
  /** @throws if the token is expired or has no valid signature */
  verifyToken(token: string): TicketHolder | Promise<TicketHolder>
}

export interface ReauthenticateContext extends TokenContext {
  rightsReader: Pick<RightsReader, 'findPrincipals'>
}

/** Continues the connection with a new token of the same user. After a bad one, the former token stays in force. */
export async function reauthenticate(
  ctx: ReauthenticateContext,
  peer: SocketPeer,
  access_token: string,
): Promise<void> {
  const holder = await findTokenHolder(ctx, access_token)
  if (holder?.user_id !== peer.caller.user_id) {
    return peer.sendError('unauthorized', 'This token is not good for this connection.')
  }
  try {
    const principals = await ctx.rightsReader.findPrincipals([holder])
    const role = principals.get(holder.sign_in_id)?.role
    if (role === undefined) return peer.sendError('unauthorized', 'This token is not good for this connection.')
    if (role !== peer.caller.role) return peer.close(CLOSE.unauthenticated, 'signed_out')
  } catch {
    return peer.sendError('unavailable', 'The token cannot be checked now. Send it again in a moment.')
  }
  peer.renew({ signInId: holder.sign_in_id, expiresAtMs: holder.expires_at })
  peer.send({ type: 'authenticated', expires_in: countSecondsLeft(holder) })
}

/** Returns undefined if the token is expired or has no valid signature. */
export async function findTokenHolder(ctx: TokenContext, token: string): Promise<TicketHolder | undefined> {
  try {
    const holder = await ctx.verifyToken(token)
    return holder.expires_at > Date.now() ? holder : undefined
  } catch {
    return undefined
  }
}

const countSecondsLeft = ({ expires_at }: TicketHolder): number =>
  Math.max(0, Math.floor((expires_at - Date.now()) / 1_000))
