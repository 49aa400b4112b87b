import type { EventReport, RoomFollower } from '../rooms/index.ts'
import type { RankedText, StoredMessage } from '../shared/index.ts'
import type { IndexedText } from './list-terms.ts'
import type { RankedEntry } from './rank-entries.ts'

/** Holds the texts of an event that are indexed: its own fields and its current summary. */
export interface EventText extends EventReport {
  /** Holds the current summary. */
  event_summary: string | null
}

/** Finds the text of a room's row that everybody who may ask in the room may read. */
export interface TextRules {
  /** Returns undefined for a row that is not in the index. */
  indexRow(row: StoredMessage): IndexedText | undefined
  /** Indexes the event itself, by which other events find it. */
  indexEvent(event: EventText): IndexedText
  /** Tells if a row of the timeline says that the text of the event was rewritten. */
  isReportChange(row: StoredMessage): boolean
}

/** Holds the parts of a document's piece that are indexed. */
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
 * Ranks the messages of a room by BM25. Its rows are derived, follow the room's sequence numbers with a delay of some
 * seconds, and are removed together with their message. It holds people's posts to the room, and questions and finished
 * answers of shared sessions. It is a way to find rows and gives no right to read them: the caller reads the rows
 * again.
 */
export interface TextIndex extends RoomFollower<TextRules> {
  /**
   * Ranks messages before a position, the best first. The list is empty if no message fits the text. It takes one
   * round trip, and the work for a term in many messages is bounded: the newest of them count.
   */
  rankMessages(query: MessageQuery): Promise<RankedMessage[]>
  /**
   * Puts the next pieces of documents into the index, at most `limit`. Two workers take different ones. A piece leaves
   * the index in the transaction that removes it. Resolves to true if more may be left.
   */
  indexNextPieces(limit: number, rules: PieceRules): Promise<boolean>
  /** Removes all pieces from the index, so that the workers index them again. */
  resetPieces(): Promise<void>
}

export interface MessageQuery extends RankedText {
  event_id: string
  beforePosition: number
  limit: number
}
