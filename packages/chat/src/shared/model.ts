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
 * Holds a message as it is stored: the part that clients receive, and the part that decides who sees and who writes
 * it.
 */
export interface StoredMessage {
  message: Message
  audience: Audience
  /** This is a reply's fence: every write of a worker carries the attempt it claimed. It is 0 for everything else. */
  attempt: number
}

/**
 * Covers the sequence numbers from `first_seq` to `seq` of a room. Rows are as of `seq`; without `rows` (too large, or
 * unknown) the receiver reads them. A number that no row took belongs to the change of `event`.
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

/** Names one run of a reply. The attempt makes the job's id new each time that the reply has to be asked again. */
export interface ReplyRef {
  message_id: string
  attempt: number
}

/**
 * Says which request caused a job, and which span of its trace. The sweep's job, which replaces a lost one, lacks both.
 */
export interface JobOrigin {
  request_id?: string
  traceparent?: string
}

/** Asks a worker for a reply. */
export interface ReplyJob extends ReplyRef, JobOrigin {}

/** States an event's access and a user's role in it. The role is null if the user is not a member. */
export interface Membership {
  access: Event['access']
  role: MemberRole | null
}

/** Describes a room while its lock is held. */
export interface LockedRoom {
  event_id: string
  /** The room has given out this sequence number last. */
  seq: number
  summary_version: string | null
  tlp: Tlp
  /**
   * This is MySQL's time in ISO 8601. It is read under the lock, because the times of a room must never go backwards.
   */
  now: string
}
