import type { Event, MemberRole, Message, Tlp, UserRole } from '@engineer-chat/protocol'

/** Identifies the calling user or agent, as the access token and MySQL state. */
export interface Principal {
  user_id: string
  role: UserRole
}

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
 * missing (too large or unknown), the receiver reads them. A number that no row took belongs to the change of `event`.
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

/** Names one run of a reply. The job id contains the attempt, so that the queue takes a new job for each run. */
export interface ReplyRef {
  message_id: string
  attempt: number
}

/**
 * Says which request and which span caused a job. A job of the sweep, which replaces a lost job, has neither.
 */
export interface JobOrigin {
  request_id?: string
  traceparent?: string
}

/** Asks a worker for a reply. */
export interface ReplyJob extends ReplyRef, JobOrigin {}

/** States an event's access and a user's role in it. The role is null if the user is not a member. */
export interface AccessAndRole {
  access: Event['access']
  role: MemberRole | null
}

/** Describes a room as a transaction reads it under the lock of the room's row. */
export interface LockedRoom {
  event_id: string
  /** Is the sequence number that the room gave out last. */
  seq: number
  summary_version: string | null
  tlp: Tlp
  /** Is MySQL's time in ISO 8601. It is read under the lock, because the times of a room must never go backwards. */
  now: string
}
