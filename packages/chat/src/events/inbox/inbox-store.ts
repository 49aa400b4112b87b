import type { Event } from '@engineer-chat/protocol'
import type { Audience } from '../../shared/index.ts'

/** Holds what an inbox needs of an event. */
export type InboxEvent = Pick<Event, 'event_id' | 'seq' | 'severity' | 'event_status' | 'access' | 'created_at'>

/** Holds what an inbox needs of a row. */
export interface InboxRow {
  event_id: string
  position: number
  seq: number
  audience: Audience
  user_id: string | null
  message_type: string
  sender_type: string | null
  mentions: string[]
  created_at: string
  updated_at: string
}

/** States how far a user has read an event. */
export interface ReadMark {
  position: number
  /** Holds the room's sequence number at the last mark, and 0 if it is not known. */
  seen_seq: number
  muted: boolean
}

export const NO_MARK: ReadMark = { position: 0, seen_seq: 0, muted: false }

export type UserMark = ReadMark & { user_id: string; event_id: string }

/**
 * Reads the rows and marks from which unread rows are counted. The database stores no counts, so none can become wrong.
 */
export interface InboxStore {
  /** Lists at most `limit` events that are not closed, the newest first. */
  listActive(limit: number): Promise<InboxEvent[]>
  findEvents(event_ids: string[]): Promise<InboxEvent[]>
  /**
   * Reads each room's newest rows, at most `limit` of a room, that changed after the given number, in the order of
   * their numbers. Rows of every audience are among them.
   */
  readRows(rooms: ReadonlyArray<{ event_id: string; after_seq: number }>, limit: number): Promise<InboxRow[]>
  /** Reads the marks of these users in these events; a user who has never read or muted an event has none there. */
  readMarks(user_ids: string[], event_ids: string[]): Promise<UserMark[]>
  /**
   * Reads the marks of all users that changed at or after a time of the database's clock, or no marks without a time.
   * `at` is the time of the read.
   */
  readChangedMarks(since: string | null): Promise<{ marks: UserMark[]; at: string }>
  putMuted(event_id: string, user_id: string, muted: boolean): Promise<void>
}
