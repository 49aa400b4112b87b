import { createHash } from 'node:crypto'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { Event, EventSummary, KnowledgeDocument, ListedDocument, Message, Tlp } from '@engineer-chat/protocol'
import { sha256 } from '../../shared/index.ts'
import type { LoadedDocument } from './export-documents.ts'

/** Holds the facts that the export states above the messages. */
export interface ExportHeader {
  event: Event
  /** Holds the strictest label of the event and its documents. */
  tlp: Tlp
  summary: EventSummary | null
  /** Lists the pinned messages in the room's order. */
  pins: Message[]
  exported_at: string
  exported_by: string
  /** The export contains the room up to this sequence number. */
  seq: number
  /** If true, the export contains the reader's own private chats. */
  with_private: boolean
}

/**
 * Lists the documents of the export without their texts. The list stands above the messages, the texts below them. Null
 * means that the reader may read no documents.
 */
export type DocumentList = readonly ListedDocument[] | null

export interface ExportedMessage {
  message: Message
  /** Is the hash of `json`. */
  sha256: string
  /** Holds the message exactly as the JSON export contains it. */
  json: string
}

export interface ExportedDocument {
  document: KnowledgeDocument
  /** Is the hash of `json`. */
  sha256: string
  /** Holds the document exactly as the JSON export contains it. */
  json: string
}

/** Turns a room into a file. The returned texts are written one after the other. */
export interface ExportFormat {
  writeHead(head: ExportHeader, documentList: DocumentList): string
  writeMessage(exported: ExportedMessage): string
  /** Ends the list of messages, and begins the documents with their texts. */
  openDocuments(): string
  writeDocument(exported: ExportedDocument): string
  /**
   * Says that a listed document is left out, because its label has become stricter than the file's. A format may return
   * '' here, and say so in its tail.
   */
  writeLeftOut(listed: ListedDocument): string
  /** Ends the last list. */
  writeTail(): string
  /** Returns the last line, with the hash of every byte above it. */
  writeHashLine(hash: string): string
}

const toHashedJson = (value: object): { json: string; sha256: string } => {
  const json = escapeHiddenInJson(JSON.stringify(value))
  return { json, sha256: sha256(json) }
}

/** Holds the parts of an export in the order in which they are written. */
interface ExportParts {
  head: ExportHeader
  documentList: DocumentList
  pages: AsyncIterable<Message[]>
  /** Is read after the last page of messages. */
  documents: AsyncIterable<LoadedDocument>
}

/**
 * Writes an export, one page of messages or one document at a time. `onHashed` receives the hash and is awaited before
 * the last line goes out, so every complete export has its audit entry.
 */
export async function* writeChunks(
  format: ExportFormat,
  { head, documentList, pages, documents }: ExportParts,
  onHashed: (sha256: string) => Promise<void>,
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const addToHash = (text: string): string => {
    hash.update(text)
    return text
  }
  yield addToHash(format.writeHead(head, documentList))
  for await (const page of pages) {
    const texts = page.map((message) => format.writeMessage({ message, ...toHashedJson(message) }))
    if (texts.length > 0) yield addToHash(texts.join(''))
  }
  if (documentList !== null) {
    yield addToHash(format.openDocuments())
    for await (const loaded of documents) {
      yield addToHash(
        'leftOut' in loaded
          ? format.writeLeftOut(loaded.leftOut)
          : format.writeDocument({ ...loaded, ...toHashedJson(loaded.document) }),
      )
    }
  }
  yield addToHash(format.writeTail())
  const fileHash = hash.digest('hex')
  await onHashed(fileHash)
  yield format.writeHashLine(fileHash)
}
