import type { Message } from '@engineer-chat/protocol'
import type { RemoveListener } from '../listeners.ts'
import type { RoomState } from '../room/state.ts'
import type { ReplyUpdate } from './reply-update.ts'

/** Is a handle of a room to which a socket subscribes. The state stays up to date until all handles are closed. */
export interface Room {
  readonly event_id: string
  readonly state: RoomState
  /** Calls the listener after each change, with the new state. */
  on(event: 'change', listener: (state: RoomState) => void): RemoveListener
  on(event: 'typing', listener: (user_id: string) => void): RemoveListener
  /** Applies a change that no frame brings, such as a page of older messages or the row of an HTTP response. */
  updateState(update: (state: RoomState) => RoomState): void
  /** Tells the others in the room that this user is typing. */
  sendTyping(): void
  /**
   * Yields a reply's text while it is being written, and returns its final row. Fails with `RoomClosedError` if all
   * handles of the room or the socket are closed, and with the `ApiProblem` `unauthorized` if the sign-in has ended.
   * @throws RoomClosedError, RoomRefusedError, ApiProblem; the signal's reason
   */
  follow(reply: Message, signal?: AbortSignal): AsyncGenerator<ReplyUpdate, Message>
  /** Closes this handle. Its listeners stay until they are removed. */
  close(): void
}
