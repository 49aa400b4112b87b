import type { EventReport, RoomFollower } from '../rooms/index.ts'
import type { RankingQuery, StoredMessage } from '../shared/index.ts'
import type { IndexedText } from './list-terms.ts'
import type { RankedEntry } from './rank-entries.ts'

/** Holds the texts of an event that are indexed: its own fields and its current summary. */
export interface EventText extends EventReport {
  /** Holds the current summary. */
  event_summary: string | null
}

/** Indexes the texts of a room, as far as every person who may ask in the room may read them. */
export interface TextRules {
  /** Returns undefined for a row that is not in the index. */
  indexRow(row: StoredMessage): IndexedText | undefined
  /** Indexes the event itself, by which other events find it. */
  indexEvent(event: EventText): IndexedText
  /** Returns true for a row of the timeline that says that the event's report was rewritten. */
  isReportChange(row: StoredMessage): boolean
}

/** Holds what is indexed of a piece of a document. */
export interface PieceText {
  /** Holds the title of the document. */
  title: string
  headings: string[]
  text: string
}

export interface PieceRules {
  indexPiece(piece: PieceText): IndexedText
}

export interface RankedMessage extends Omit<RankedEntry, 'entry'> {
  position: number
}

/**
 * Ranks the messages of a room by BM25: people's posts, and the questions and finished answers of shared sessions. The
 * rows of the index are derived from these messages some seconds later, and removed with them. A rank gives no right to
 * read a message: the caller reads each message again with the rights of its reader.
 */
export interface TextIndex extends RoomFollower<TextRules> {
  /**
   * Ranks messages before a position, the best first. The list is empty if no message fits the text. It takes one round
   * trip. For a term in very many messages, only the newest of these messages count, so that the work is bounded.
   */
  rankMessages(query: MessageQuery): Promise<RankedMessage[]>
  /**
   * Puts the next pieces of documents into the index, at most `limit`. Two workers take different pieces. The removal
   * of a piece also removes it from the index, in one transaction. Resolves to true if more pieces may be left.
   */
  indexNextPieces(limit: number, rules: PieceRules): Promise<boolean>
  /** Removes all pieces from the index, so that the workers index them again. */
  resetPieces(): Promise<void>
}

export interface MessageQuery extends RankingQuery {
  event_id: string
  beforePosition: number
  limit: number
}
