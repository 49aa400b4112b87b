import { encodeFrame } from './frames/encode-frame.ts'
import type { Hub } from './hub.ts'
import type { SocketPeer } from './room/membership.ts'
import type { Room } from './room/room.ts'

/** Somebody composes something for the room. Agents neither tell nor hear of it; more than one notice in a while is dropped. */
export function handleTyping(hub: Hub, peer: SocketPeer, event_id: string): void {
  const member = peer.rooms.get(event_id)
  if (member?.state !== 'live' || !member.room) {
    peer.error('not_subscribed', 'Subscribe first.', event_id)
    return
  }
  const now = performance.now()
  if (!member.isPerson || !member.rights.ask || now - member.typed_at < hub.limits.typing_ms) return
  member.typed_at = now
  const { user_id } = peer.caller
  broadcastTyping(hub, member.room, user_id)
  hub.deps.feed.publishHint(event_id, { type: 'typing', user_id })
}

export function broadcastTyping(hub: Hub, room: Room, user_id: string): void {
  if (!hub.gate.isOpen()) return
  const frame = encodeFrame({ type: 'typing', event_id: room.event_id, user_id })
  for (const member of room.members.listViewers('people')) {
    if (member.state === 'live' && member.peer.caller.user_id !== user_id) member.peer.outbox.send(frame)
  }
}
