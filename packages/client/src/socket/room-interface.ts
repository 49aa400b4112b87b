import type { Message } from '@engineer-chat/protocol'
import type { Unsubscribe } from '../listeners.ts'
import type { RoomState } from '../room/state.ts'
import type { ReplyUpdate } from './reply-update.ts'

/** Somebody's view of a room, kept up to date until it is closed. */
export interface Room {
  readonly event_id: string
  readonly state: RoomState
  /** Called after each change, with the new state. */
  on(event: 'change', listener: (state: RoomState) => void): Unsubscribe
  on(event: 'typing', listener: (user_id: string) => void): Unsubscribe
  /** What isn't the socket's news: pending sends, older pages, answers of HTTP. */
  change(next: (state: RoomState) => RoomState): void
  typing(): void
  /** A reply as it is being written, to its end. */
  follow(reply: Message, signal?: AbortSignal): AsyncGenerator<ReplyUpdate, Message>
  close(): void
}
