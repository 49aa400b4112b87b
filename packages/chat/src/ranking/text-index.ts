import type { EventReport, RoomFollower } from '../rooms/index.ts'
import type { RankingQuery, StoredMessage } from '../shared/index.ts'
import type { IndexedText } from './list-terms.ts'
import type { RankedEntry } from './rank-entries.ts'

/** Holds the texts of an event that are indexed: its report and its current summary. */
export interface EventText extends EventReport {
  /** Holds the current summary, or null if the event has none. */
  event_summary: string | null
}

/** Says what is indexed of a room: only texts that every person may read who may ask in the room. */
export interface TextRules {
  /** Returns undefined for a row that is not in the index. */
  indexRow(row: StoredMessage): IndexedText | undefined
  /** Indexes the event's own texts, so that the event is found when another event looks for similar ones. */
  indexEvent(event: EventText): IndexedText
  /** Returns true for a row of the timeline by which the event's report was rewritten, or may have been. */
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
 * Ranks the messages of a room by BM25: people's posts, and the questions and finished answers of shared sessions. A
 * message gets into the index some seconds after it is stored. When a message is removed, its rows of the index are
 * removed with it. A rank gives no right to read a message: the caller reads each ranked message again with the rights
 * of the person who gets it.
 */
export interface TextIndex extends RoomFollower<TextRules> {
  /**
   * Ranks the messages before a position, the best first. The list is empty if no message fits the query. A call takes
   * one round trip. If very many messages contain a term, only the newest of them count, so that the work is bounded.
   */
  rankMessages(query: MessageQuery): Promise<RankedMessage[]>
  /**
   * Puts the next pieces of documents into the index, at most `limit`. Two workers take different pieces. The removal
   * of a piece also removes it from the index, in one transaction. Resolves to true if more pieces may be left.
   */
  indexNextPieces(limit: number, rules: PieceRules): Promise<boolean>
  /** Removes all pieces from the index, but not from their documents. The workers index them again. */
  resetPieces(): Promise<void>
}

export interface MessageQuery extends RankingQuery {
  event_id: string
  beforePosition: number
  limit: number
}
