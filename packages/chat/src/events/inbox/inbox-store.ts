import type { Event } from '@engineer-chat/protocol'
import type { Audience } from '../../shared/index.ts'

/** Holds the fields of an event that an inbox needs. */
export type InboxEvent = Pick<Event, 'event_id' | 'seq' | 'severity' | 'event_status' | 'access' | 'created_at'>

/** Holds the fields of a row that an inbox needs. */
export interface InboxRow {
  event_id: string
  position: number
  seq: number
  audience: Audience
  /** Holds the id of the writer, or of the asker in a reply of the AI. */
  user_id: string | null
  message_type: string
  sender_type: string | null
  /** Lists the ids of the people that the row's text names. */
  mentions: string[]
  created_at: string
  updated_at: string
}

/** States how far a user has read an event. */
export interface ReadMark {
  position: number
  /**
   * Holds the room's sequence number when the user last read the room. It is 0 if the user has only muted the event, or
   * if an older version wrote the mark.
   */
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
   * Reads the rows of each room that changed after the sequence number `after_seq`, in the order of their `seq`. If a
   * room has more than `limit` such rows, it reads only the newest. It reads the rows of every audience.
   */
  readRows(rooms: ReadonlyArray<{ event_id: string; after_seq: number }>, limit: number): Promise<InboxRow[]>
  /** Finds the marks of these users in these events. A user who has never read or muted an event has no mark there. */
  findMarks(user_ids: string[], event_ids: string[]): Promise<UserMark[]>
  /**
   * Reads those marks, of any user, that changed at or after the time `since`. It may read some that changed shortly
   * before. If `since` is null, it reads none. `at` is the time of the read. Both times are of the database's clock.
   */
  readChangedMarks(since: string | null): Promise<{ marks: UserMark[]; at: string }>
  putMuted(event_id: string, user_id: string, muted: boolean): Promise<void>
}
