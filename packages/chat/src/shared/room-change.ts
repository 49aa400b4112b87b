import type { Event, Message, Tlp } from '@engineer-chat/protocol'

/** Names who may read a row: everybody in the room, people only, or the one user with this id. */
export type Audience = 'all' | 'people' | (string & {})

/** Holds a stored message: what clients receive, who may read the message, and the fence token of its writes. */
export interface StoredMessage {
  message: Message
  audience: Audience
  /** Is the attempt of a reply: a worker's write with a lower attempt has no effect. Other messages have 0. */
  attempt: number
}

/**
 * Covers the sequence numbers of a room from `first_seq` to `seq`, both included. The rows are as they were at `seq`.
 * If `rows` is missing, the receiver reads them from MySQL: the sender left them out or did not know them. A change of
 * the event itself takes a number without a row. Then `event` holds the changed event.
 */
export interface RoomChange {
  event_id: string
  first_seq: number
  seq: number
  rows?: StoredMessage[]
  event?: Event
  /** Names the span that caused the change. It is missing if the process that made the change sends no traces. */
  traceparent?: string
}

/** Describes a room as a transaction reads it under the lock of the room's row. */
export interface LockedRoom {
  event_id: string
  /** Is the last sequence number that a row or a change of the event took. */
  seq: number
  /** Is the version of the event's current summary. Null means that the event has no summary. */
  summary_version: string | null
  tlp: Tlp
  /** Is MySQL's time in ISO 8601. It is read under the lock, because the times of a room must never go backwards. */
  now: string
}
