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
  /** Holds the version that the writer read. If the current version is another one, the change is refused. */
  version: number
  updated_by: string
  pieces: DocumentPiece[]
  /** At most this many earlier versions are kept. All are kept while the document's event is under a legal hold. */
  keptVersions: number
}

/** Describes a piece that fits a text. A piece with a higher `relevance` fits better (see `RankedEntry`). */
export interface FittingPiece extends FoundPiece {
  relevance: number
}

interface WordQuery {
  /** A piece has to contain all of these words. */
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
export type LoneWorkName = 'folder' | 'closings'

export interface DocumentStore {
  create(document: NewDocument): Promise<KnowledgeDocument>
  /** Resolves to undefined if the document does not exist or was removed. */
  find(document_id: string): Promise<KnowledgeDocument | undefined>
  /** Resolves to the document as it was in this earlier version, or to undefined if the version is not kept. */
  findVersion(document_id: string, version: number): Promise<KnowledgeDocument | undefined>
  /** Lists the documents that a person may read and that fit the query, the most recently changed one first. */
  list(caller: Principal, query: DocumentsQuery & { limit: number }): Promise<Items<ListedDocument>>
  /** Lists the current version and then the kept earlier versions, the newest first. */
  listVersions(document_id: string, query: { cursor?: string; limit: number }): Promise<Items<DocumentVersion>>
  /**
   * Changes the document. What it was before becomes an earlier version.
   * @throws ChatError document_not_found, version_conflict
   */
  update(document_id: string, change: DocumentChange): Promise<KnowledgeDocument>
  /** Hides a document from everybody. Retention removes what is stored of it. @throws ChatError document_not_found */
  remove(document_id: string): Promise<void>
  /**
   * Finds pieces that contain all of the words, in their text or in the document's title, in upper or lower case. With
   * an event, it searches the documents of this event and the documents for everybody. Without an event, it searches
   * all documents. It finds only what the caller may read. It reads whole documents, the most recently changed one
   * first, until it has read `maxPieces` pieces.
   */
  search(caller: Principal, query: WordQuery): Promise<FoundPiece[]>
  /**
   * Ranks the pieces that fit a text, the best first. With an event, it searches the documents of this event and the
   * documents for everybody. Without an event, it searches only the documents for everybody, unlike `search`. It finds
   * only what the caller may read. The list is empty if no piece fits. A new piece is found after some seconds.
   */
  findFitting(caller: Principal, query: RankingQuery & { event_id?: string; limit: number }): Promise<FittingPiece[]>
  /** Stores the document as `planImport` decides. Of simultaneous calls with one import key, one stores it. */
  importDocument(document: ImportedDocument, keptVersions: number): Promise<ImportOutcome>
  /** Lists the stored documents that come from files of the folder of runbooks, without removed documents. */
  listFiles(): Promise<Array<{ document_id: string; path: string }>>
  /** Runs the work and resolves to true. Resolves to false at once if work of this name already runs. */
  runAlone(name: LoneWorkName, work: () => Promise<void>): Promise<boolean>
}
