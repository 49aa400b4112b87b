import type { TicketHolder } from '@engineer-chat/chat/stores'
import { CLOSE } from '@engineer-chat/protocol'
import type { Hub } from './hub.ts'
import type { SocketPeer } from './room/membership.ts'

/** A new token for the same user. One that is no good changes nothing: the old one's time goes on. */
export async function reauthenticate(hub: Hub, peer: SocketPeer, access_token: string): Promise<void> {
  const holder = await verifyToken(hub, access_token)
  if (holder?.user_id !== peer.caller.user_id)
    return peer.error('unauthorized', 'This token is not good for this connection.')
  try {
    const callers = await hub.deps.rightsReader.findPrincipals([holder])
    const role = callers.get(holder.sign_in_id)?.role
    if (role === undefined) return peer.error('unauthorized', 'This token is not good for this connection.')
    if (role !== peer.caller.role) return peer.close(CLOSE.unauthenticated, 'signed_out')
  } catch {
    return peer.error('unavailable', 'The token cannot be checked now. Send it again in a moment.')
  }
  peer.sign_in_id = holder.sign_in_id
  peer.expires_at = holder.expires_at
  peer.send({ type: 'authenticated', expires_in: countSecondsLeft(holder) })
}

export async function verifyToken(hub: Hub, token: string): Promise<TicketHolder | undefined> {
  try {
    const holder = await hub.deps.verifyToken(token)
    return holder.expires_at > Date.now() ? holder : undefined
  } catch {
    return undefined // whatever was wrong with it
  }
}

const countSecondsLeft = ({ expires_at }: TicketHolder): number =>
  Math.max(0, Math.floor((expires_at - Date.now()) / 1_000))
