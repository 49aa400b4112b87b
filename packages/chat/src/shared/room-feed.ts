import type { ReplyText, TextDelta } from './reply-streams.ts'
import type { RoomChange } from './room-change.ts'

/** Is a hint about a room that a WebSocket node receives. */
export type RoomHint =
  | { type: 'change'; change: RoomChange }
  | { type: 'deltas'; deltas: TextDelta[] }
  | { type: 'typing'; user_id: string }
  /** Names people who are present at one node. `count` is the number of all of them; if missing, all are named. */
  | { type: 'presence'; node_id: string; users: string[]; count?: number }
  /** Asks the other nodes for their `presence`. */
  | { type: 'who' }
  /** Replaces an unsigned change. The node reads the room again, because the content of that change is not trusted. */
  | { type: 'read_again' }

/** Receives hints from the bus at a WebSocket node, and sends hints to the other nodes. */
export interface RoomFeed {
  /**
   * Resolves when the subscription is active. If the bus is down, it resolves immediately, and the subscription becomes
   * active when the bus is back.
   */
  subscribe(event_id: string): Promise<void>
  unsubscribe(event_id: string): void
  onHint(listener: (event_id: string, hint: RoomHint) => void): void
  /** Calls the listener when the rights of any user may have changed. */
  onRightsChanged(listener: () => void): void
  /** Calls the listener when the bus is back after an outage, because hints may be lost in an outage. */
  onGap(listener: () => void): void
  /** Sends the hint to the other nodes that have subscribed to the room. */
  publishHint(event_id: string, hint: Exclude<RoomHint, { type: 'change' | 'deltas' }>): void
  /** Resolves to the text that a reply has written so far, or to undefined if it is not known. */
  findReplyText(message_id: string): Promise<ReplyText | undefined>
}
