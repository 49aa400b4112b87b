import type { Event, Message, Tlp } from '@engineer-chat/protocol'

/**
 * Names who may see a row: everybody in the room, people only (shared chats, which agents never see), or one user.
 */
export type Audience = 'all' | 'people' | (string & {})

/**
 * Holds a message as it is stored: what clients receive, who may see the message, and which worker may write it.
 */
export interface StoredMessage {
  message: Message
  audience: Audience
  /** Is a reply's fence token: every write of a worker contains the attempt that it claimed. Other messages have 0. */
  attempt: number
}

/**
 * Covers the sequence numbers from `first_seq` to `seq` of a room. The rows are as they were at `seq`. If `rows` is
 * missing (too large or unknown), the receiver reads them. A change of the event itself takes a number without a row;
 * then `event` holds the changed event.
 */
export interface RoomChange {
  event_id: string
  first_seq: number
  seq: number
  rows?: StoredMessage[]
  event?: Event
  /** Names the span that caused the change, if its process sends traces. */
  traceparent?: string
}

/** Describes a room as a transaction reads it under the lock of the room's row. */
export interface LockedRoom {
  event_id: string
  /** Is the sequence number that the room gave out last. */
  seq: number
  /** Names the current summary of the event. Null means that the event has none. */
  summary_version: string | null
  tlp: Tlp
  /** Is MySQL's time in ISO 8601. It is read under the lock, because the times of a room must never go backwards. */
  now: string
}
