import type { Message } from '@engineer-chat/protocol'
import type { Client } from '../client.ts'
import type { Unlisten } from '../listeners.ts'
import type { RoomState } from '../room/state.ts'
import { followReply, type ReplyNews } from './follow-reply.ts'
import type { SharedRoom } from './shared-room.ts'

/** Somebody's view of a room, kept up to date until it is closed. */
export interface Room {
  readonly event_id: string
  readonly state: RoomState
  /** Called after each change, with the new state. */
  on(event: 'change', listener: (state: RoomState) => void): Unlisten
  on(event: 'typing', listener: (user_id: string) => void): Unlisten
  /** What isn't the socket's news: pending sends, older pages, answers of HTTP. */
  change(next: (state: RoomState) => RoomState): void
  typing(): void
  /** A reply as it is being written, to its end. */
  follow(reply: Message, signal?: AbortSignal): AsyncGenerator<ReplyNews, Message>
  close(): void
}

export function openRoom(shared: SharedRoom, client: Client, socket: { typing(): void; leave(): void }): Room {
  let open = true
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
      if (!open) return
      open = false
      shared.users -= 1
      if (shared.users === 0) socket.leave()
    },
  }
  return room
}
