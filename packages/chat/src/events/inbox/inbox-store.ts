import type { Event } from '@engineer-chat/protocol'
import type { Audience } from '../../shared/index.ts'

/** Holds the fields of an event that are needed for an inbox: a person's unread counts in all of their events. */
export type InboxEvent = Pick<Event, 'event_id' | 'seq' | 'severity' | 'event_status' | 'access' | 'created_at'>

/** Holds the fields of a message of a room that are needed for an inbox. */
export interface InboxRow {
  event_id: string
  position: number
  seq: number
  audience: Audience
  /** Holds the id of the row's writer. In a reply, it is the id of the asker. */
  user_id: string | null
  message_type: string
  sender_type: string | null
  /** Lists the ids of the people that the row's text names. */
  mentions: string[]
  created_at: string
  updated_at: string
}

/** Says how far a user has read a room, and whether the user has muted the event. */
export interface ReadMark {
  /** Holds the user's read position. It is 0 if the user has read nothing. */
  position: number
  /**
   * Holds the room's sequence number when the user last read the room. It is 0 if the user has only muted the event, or
   * if an older version wrote the mark.
   */
  seen_seq: number
  muted: boolean
}

/** Stands for the mark of a user who has neither read nor muted the event. */
export const NO_MARK: ReadMark = { position: 0, seen_seq: 0, muted: false }

export type UserMark = ReadMark & { user_id: string; event_id: string }

/**
 * Reads the rows and marks from which unread rows are counted. The database stores no counts, so no stored count can
 * become wrong.
 */
export interface InboxStore {
  /** Lists at most `limit` events that are not closed, the newest first. */
  listActive(limit: number): Promise<InboxEvent[]>
  findEvents(event_ids: string[]): Promise<InboxEvent[]>
  /**
   * Reads from each room the rows whose `seq` is above `after_seq`, of every audience. If a room has more than `limit`
   * such rows, the store reads only the `limit` rows that changed last. The rows of a room are sorted by `seq`.
   */
  readRows(rooms: ReadonlyArray<{ event_id: string; after_seq: number }>, limit: number): Promise<InboxRow[]>
  /** Finds the marks of these users in these events. A user who has never read or muted an event has no mark there. */
  findMarks(user_ids: string[], event_ids: string[]): Promise<UserMark[]>
  /**
   * Reads the marks of all users that changed at or after the time `since`. The result may also contain marks that
   * changed shortly before that time. If `since` is null, the result has no marks. `at` is the time of this read. The
   * caller passes it as `since` to the next read. Both times are of the database's clock.
   */
  readChangedMarks(since: string | null): Promise<{ marks: UserMark[]; at: string }>
  putMuted(event_id: string, user_id: string, muted: boolean): Promise<void>
}
