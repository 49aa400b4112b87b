import type { Client } from '../client.ts'
import type { RoomState } from '../room/state.ts'
import { followReply } from './follow-reply.ts'
import type { Room } from './room-interface.ts'
import type { SharedRoom } from './shared-room.ts'

/** Creates a handle of a shared room. When the last handle of a room is closed, the socket leaves the room. */
export function createRoom(shared: SharedRoom, client: Client, socket: { sendTyping(): void; leave(): void }): Room {
  let isOpen = true
  shared.openRoomCount += 1
  const room: Room = {
    event_id: shared.state.event_id,
    get state() {
      return shared.state
    },
    on(event: 'change' | 'typing', listener: ((state: RoomState) => void) & ((user_id: string) => void)) {
      return event === 'change' ? shared.changeListeners.add(listener) : shared.typingListeners.add(listener)
    },
    updateState: (update) => shared.updateState(update),
    sendTyping: () => socket.sendTyping(),
    follow: (reply, signal) => followReply(room, client, reply, signal),
    close() {
      if (!isOpen) return
      isOpen = false
      shared.openRoomCount -= 1
      if (shared.openRoomCount === 0) socket.leave()
    },
  }
  return room
}
