import type { ReplyText, TextDelta } from './reply-streams.ts'
import type { RoomChange } from './room-change.ts'

/** Lists the hints that a node receives about a room. */
export type RoomHint =
  | { type: 'change'; change: RoomChange }
  | { type: 'deltas'; deltas: TextDelta[] }
  | { type: 'typing'; user_id: string }
  /** Names the people who are present at one node. A `count` means that `users` does not name all of them. */
  | { type: 'presence'; node_id: string; users: string[]; count?: number }
  /** Asks the other nodes for their `presence`. */
  | { type: 'who' }
  /** Says that something may have changed. The node reads the room again, because it trusts no content of this hint. */
  | { type: 'read_again' }

/** Receives the bus's hints on a WebSocket node. */
export interface RoomFeed {
  /**
   * Resolves when the subscription is active. If the bus is down, it resolves immediately, and the subscription becomes
   * active when the bus is back.
   */
  subscribe(event_id: string): Promise<void>
  unsubscribe(event_id: string): void
  onHint(listener: (event_id: string, hint: RoomHint) => void): void
  onRightsChanged(listener: () => void): void
  /** Calls the listener when the bus is back after an outage, because hints were lost. */
  onGap(listener: () => void): void
  /** Sends the hint to the other nodes that watch the room. */
  publishHint(event_id: string, hint: Exclude<RoomHint, { type: 'change' | 'deltas' }>): void
  /** Resolves to the text that a reply has written so far, or to undefined if it is not known. */
  findReplyText(message_id: string): Promise<ReplyText | undefined>
}
