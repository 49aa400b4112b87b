import type { Event } from '@engineer-chat/protocol'
import type { Audience, StoredMessage } from '../shared/index.ts'

export interface StoredPage {
  /** The rows are sorted with the oldest first. */
  rows: StoredMessage[]
  /** Is the room's sequence number. It is read before the rows, so the page may contain rows with higher numbers. */
  seq: number
  /** If true, older rows exist. If the page was read after a position, it means newer rows. */
  has_more: boolean
}

/** Reads rooms and stores read marks. `audiences` are those of the reader, as `listAudiences` returns them. */
export interface Timeline {
  /**
   * Reads the rows next to a position: with `before`, the newest rows below it; with `after`, the oldest rows above it.
   * Without both it reads the room's newest rows. At most one of the two is set.
   */
  readPage(
    event_id: string,
    audiences: Audience[],
    query: { before?: number; after?: number; limit: number },
  ): Promise<StoredPage>
  /** Resolves to the message, or to undefined if it is missing or in none of these audiences. */
  findMessage(event_id: string, audiences: Audience[], message_id: string): Promise<StoredMessage | undefined>
  /** Resolves to the message's position, or to undefined if it is missing or in none of these audiences. */
  findPosition(event_id: string, audiences: Audience[], message_id: string): Promise<number | undefined>
  /**
   * Reads at most `limit` rows whose sequence number is higher than `afterSeq`, the lowest number first. `complete` is
   * false if the limit left out further rows. The returned `seq` is the room's sequence number at the moment when the
   * rows were read. The returned event may be newer than the rows, never older. If `audiences` is null, the rows of
   * every audience are read, for a node's own cache. If `audiences` is empty, no rows are read, but only the event and
   * `seq`. Resolves to undefined if the event does not exist.
   */
  readChanges(
    event_id: string,
    audiences: Audience[] | null,
    afterSeq: number,
    limit: number,
  ): Promise<{ rows: StoredMessage[]; seq: number; event: Event; complete: boolean } | undefined>
  /**
   * Reads the newest rows of one session, or its newest rows below the position `before`. The caller checks whether the
   * reader may see the session.
   */
  readSessionPage(session_id: string, query: { before?: number; limit: number }): Promise<StoredPage>
  /** Lists the room's replies that have not ended, of every audience, in the room's order. */
  listUnfinishedReplies(event_id: string): Promise<StoredMessage[]>
  /** Resolves to the rooms' sequence numbers by event id. A room that does not exist has no entry. */
  readSeqs(event_ids: string[]): Promise<Map<string, number>>
  /**
   * Stores the position up to which the user has read the room. It never moves back. The read mark also gets the room's
   * current sequence number as the last one that the user has seen. The first higher position after a pause begins a
   * visit.
   */
  markRead(event_id: string, user_id: string, position: number): Promise<void>
}
