import type {
  DocumentsQuery,
  DocumentVersion,
  FoundPiece,
  KnowledgeDocument,
  ListedDocument,
} from '@engineer-chat/protocol'
import type { Items, Principal, RankingQuery } from '../shared/index.ts'
import type { DocumentReaders, DocumentText } from './document.ts'
import type { ImportedDocument, ImportOutcome } from './plan-import.ts'
import type { DocumentPiece } from './split-document.ts'

export interface NewDocument extends DocumentText, DocumentReaders {
  document_id: string
  updated_by: string
  pieces: DocumentPiece[]
}

export interface DocumentChange extends DocumentText {
  /** Holds the version that the writer read. */
  version: number
  updated_by: string
  pieces: DocumentPiece[]
  /** At most this many earlier versions are kept. While the event is under a legal hold, all are kept. */
  keptVersions: number
}

/** Describes a piece that fits a text. A piece with a higher `relevance` fits better (see `RankedEntry`). */
export interface FittingPiece extends FoundPiece {
  relevance: number
}

interface PiecesQuery {
  words: string[]
  event_id?: string
  limit: number
  /** The search reads no further document after it has read this many pieces. */
  maxPieces: number
}

/**
 * Names work that only one process at a time may do: reading the folder of runbooks, or making documents of closed
 * events.
 */
export type LoneWork = 'folder' | 'closings'

export interface DocumentStore {
  create(document: NewDocument): Promise<KnowledgeDocument>
  find(document_id: string): Promise<KnowledgeDocument | undefined>
  /** Resolves to the document as it was in this version, or to undefined if this version is not kept. */
  findVersion(document_id: string, version: number): Promise<KnowledgeDocument | undefined>
  /** Lists the documents that a person may read and that fit the filter, the last changed first. */
  list(caller: Principal, query: DocumentsQuery & { limit: number }): Promise<Items<ListedDocument>>
  /** Lists the kept versions, the newest first. The first one is the current version. */
  listVersions(document_id: string, query: { cursor?: string; limit: number }): Promise<Items<DocumentVersion>>
  /** Replaces the text and keeps the previous version. @throws ChatError document_not_found, version_conflict */
  update(document_id: string, change: DocumentChange): Promise<KnowledgeDocument>
  /** Hides a document from everybody. Retention removes what is stored of it. @throws ChatError document_not_found */
  remove(document_id: string): Promise<void>
  /**
   * Finds pieces whose text or title contains all of the words, in upper or lower case, in documents that the caller
   * may read: with an event, only in the documents of this event and those for everybody. It reads whole documents, the
   * last changed first, until it has read `maxPieces` pieces.
   */
  search(caller: Principal, query: PiecesQuery): Promise<FoundPiece[]>
  /**
   * Ranks the pieces that fit a text, the best first. It searches the documents for everybody and, with an event, those
   * of this event that the caller may read. Without an event, it searches no document of an event, unlike `search`. The
   * list is empty if no piece fits. A new piece is found after some seconds.
   */
  findFitting(caller: Principal, query: RankingQuery & { event_id?: string; limit: number }): Promise<FittingPiece[]>
  /** Stores the document as `planImport` decides. Of simultaneous calls with the same document, one stores it. */
  importDocument(document: ImportedDocument, keptVersions: number): Promise<ImportOutcome>
  /** Lists the documents that are files of the folder of runbooks. */
  listFiles(): Promise<Array<{ document_id: string; path: string }>>
  /** Runs the work and resolves to true. Resolves to false at once if another process runs work of this name. */
  runAlone(name: LoneWork, work: () => Promise<void>): Promise<boolean>
}
