import type { RoomFeed } from '@engineer-chat/chat/shared'
import { isLive, type SocketPeer } from '../room/membership.ts'

export interface TypingContext {
  feed: Pick<RoomFeed, 'publishHint'>
  limits: { typingIntervalMs: number }
}

/**
 * Notifies the room that its member is typing, at most once in `typingIntervalMs`. Agents neither send nor get these
 * notices. People who may not ask, such as observers, send none.
 */
export function handleTyping({ feed, limits }: TypingContext, peer: SocketPeer, event_id: string): void {
  const member = peer.rooms.get(event_id)
  if (!member || !isLive(member)) {
    peer.sendError('not_subscribed', 'Subscribe first.', event_id)
    return
  }
  const { status } = member
  const nowMs = performance.now()
  if (!member.isPerson || !status.rights.ask || nowMs - status.typedAtMs < limits.typingIntervalMs) return
  status.typedAtMs = nowMs
  const { user_id } = peer.caller
  status.room.broadcastTyping(user_id)
  feed.publishHint(event_id, { type: 'typing', user_id })
}
