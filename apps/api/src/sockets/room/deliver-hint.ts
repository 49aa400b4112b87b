import type { RoomHint } from '@engineer-chat/chat/shared'
import type { Room } from './room.ts'

/** Passes a hint to the part of the room that handles hints of its type. */
export function deliverHint(room: Room, hint: RoomHint): void {
  switch (hint.type) {
    case 'change':
      room.onChange(hint.change)
      break
    case 'deltas':
      room.onDeltas(hint.deltas)
      break
    case 'typing':
      room.broadcastTyping(hint.user_id)
      break
    case 'presence':
      room.presence.onPresence(hint)
      break
    case 'who':
      room.presence.publish()
      break
    case 'read_again':
      room.scheduleCatchUp()
      break
    default:
      hint satisfies never // A newer node may send hints that this one does not know yet.
  }
}
