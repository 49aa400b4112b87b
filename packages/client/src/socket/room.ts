import type { Client } from '../client.ts'
import type { RoomState } from '../room/state.ts'
import { followReply } from './follow-reply.ts'
import type { Room } from './room-interface.ts'
import type { SharedRoom } from './shared-room.ts'

export function openRoom(shared: SharedRoom, client: Client, socket: { typing(): void; leave(): void }): Room {
  let isOpen = true
  shared.users += 1
  const room: Room = {
    event_id: shared.state.event_id,
    get state() {
      return shared.state
    },
    on(event: 'change' | 'typing', listener: ((state: RoomState) => void) & ((user_id: string) => void)) {
      return event === 'change' ? shared.changes.add(listener) : shared.typing.add(listener)
    },
    change: (next) => shared.change(next),
    typing: () => socket.typing(),
    follow: (reply, signal) => followReply(room, client, reply, signal),
    close() {
      if (!isOpen) return
      isOpen = false
      shared.users -= 1
      if (shared.users === 0) socket.leave()
    },
  }
  return room
}
