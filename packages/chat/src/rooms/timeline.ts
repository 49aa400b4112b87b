import type { Event } from '@engineer-chat/protocol'
import type { Audience, StoredMessage } from '../shared/index.ts'

export interface StoredPage {
  /** The rows are sorted with the oldest first. */
  rows: StoredMessage[]
  /** Is the room's sequence number, which is read before the rows. The page may contain rows with higher numbers. */
  seq: number
  has_more: boolean
}

/** Reads rooms. `audiences` are those of the reader, as `listAudiences` returns them. */
export interface Timeline {
  /**
   * Reads the newest rows, the newest rows before a position, or the oldest rows after a position. `has_more` says
   * whether older rows exist; after a position, whether newer rows exist.
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
   * Reads at most `limit` rows that changed after `afterSeq`, in the order of their numbers. `complete` is false if
   * there are more. The returned `seq` is the room's number at the moment of the read. The rows are of that moment, but
   * the event may be newer. If `audiences` is null, it reads the rows of every audience, for a node's own cache; if it
   * is empty, only the event and `seq`. Resolves to undefined if the event does not exist.
   */
  readChanges(
    event_id: string,
    audiences: Audience[] | null,
    afterSeq: number,
    limit: number,
  ): Promise<{ rows: StoredMessage[]; seq: number; event: Event; complete: boolean } | undefined>
  /** Reads the newest rows of one session before a position. */
  readSessionPage(session_id: string, query: { before?: number; limit: number }): Promise<StoredPage>
  /** Lists the room's unfinished replies. */
  listThinkingReplies(event_id: string): Promise<StoredMessage[]>
  /** Resolves to the rooms' sequence numbers by event id; a room that does not exist is left out. */
  readSeqs(event_ids: string[]): Promise<Map<string, number>>
  /** Stores up to which position the user has read the room. */
  markRead(event_id: string, user_id: string, position: number): Promise<void>
}
