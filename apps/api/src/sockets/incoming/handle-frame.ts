import type { ClientFrame } from '@engineer-chat/protocol'
import { type ReauthenticateContext, reauthenticate } from '../connection/reauthenticate.ts'
import { leaveRoom } from '../room/leave-room.ts'
import type { SocketPeer } from '../room/membership.ts'
import { type SubscribeContext, subscribe } from '../room/subscribe.ts'
import { handleTyping, type TypingContext } from './typing.ts'

export type HandleFrameContext = ReauthenticateContext & SubscribeContext & TypingContext

/** Handles pings and tokens immediately. Frames for a room go to `enqueue`, which keeps their order. */
export function handleFrame(
  ctx: HandleFrameContext,
  peer: SocketPeer,
  frame: ClientFrame,
  enqueue: (work: () => void | Promise<void>) => void,
): void {
  switch (frame.type) {
    case 'ping':
      peer.send({ type: 'pong' })
      break
    case 'auth':
      void reauthenticate(ctx, peer, frame.access_token)
      break
    case 'subscribe':
      enqueue(() => subscribe(ctx, peer, frame))
      break
    case 'typing':
      enqueue(() => handleTyping(ctx, peer, frame.event_id))
      break
    case 'unsubscribe':
      enqueue(() => unsubscribe(peer, frame.event_id))
      break
    default:
      frame satisfies never
  }
}

function unsubscribe(peer: SocketPeer, event_id: string): void {
  const member = peer.rooms.get(event_id)
  if (member) leaveRoom(member)
}
