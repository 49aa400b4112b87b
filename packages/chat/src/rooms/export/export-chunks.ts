import { createHash } from 'node:crypto'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { Event, EventSummary, KnowledgeDocument, ListedDocument, Message, Tlp } from '@engineer-chat/protocol'
import { sha256 } from '../../shared/index.ts'
import type { LoadedDocument } from './export-documents.ts'
import type { LabelledMessage } from './export-labels.ts'

/** Holds the facts about the event and the export that stand above the messages. */
export interface ExportHeader {
  event: Event
  /** Is the label of the file: the strictest one of the event, its listed documents and the exported messages. */
  tlp: Tlp
  summary: EventSummary | null
  /** Lists the pinned messages in the room's order. */
  pins: Message[]
  exported_at: string
  exported_by: string
  /** The export contains the room up to this sequence number. */
  seq: number
  /** If true, the export contains the private chats of the person who exports. */
  with_private: boolean
}

/**
 * Lists the documents of the export without their texts. The Markdown format writes this list above the messages. The
 * texts follow below the messages in each format. Null means that the caller may read no documents.
 */
export type DocumentList = readonly ListedDocument[] | null

/** Holds a message. If its label is now stricter than the file's, its text is left out. */
export type LoadedMessage = LabelledMessage | { leftOutMessage: Message }

export interface ExportedMessage extends LabelledMessage {
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

/**
 * Turns a room into the text of a file. Each function returns the next part of this text. The document texts come after
 * all messages.
 */
export interface ExportFormat {
  writeHeader(header: ExportHeader, documentList: DocumentList): string
  writeMessage(exported: ExportedMessage): string
  /** States that a message is left out, as `writeLeftOut` does for a document. */
  writeLeftOutMessage(message: Message): string
  /** Ends the list of messages, and begins the documents with their texts. It is not called if their list is null. */
  openDocuments(): string
  writeDocument(exported: ExportedDocument): string
  /**
   * States that the text of a listed document is left out, because the document's label has become stricter than the
   * file's. A format may return '' here, and list the documents that are left out in its tail.
   */
  writeLeftOut(document: ListedDocument): string
  /** Ends the last list. */
  writeTail(): string
  /** Writes the last line. `hash` is the hash of every byte above it. */
  writeHashLine(hash: string): string
}

const toHashedJson = (value: object): { json: string; sha256: string } => {
  const json = escapeHiddenInJson(JSON.stringify(value))
  return { json, sha256: sha256(json) }
}

/** Holds the parts of an export in the order in which they are written. */
interface ExportParts {
  header: ExportHeader
  documentList: DocumentList
  messagePages: AsyncIterable<LoadedMessage[]>
  /** Is read after the last page of messages, and not at all if the document list is null. */
  documents: AsyncIterable<LoadedDocument>
}

/**
 * Yields the text of an export, one page of messages or one document at a time. `onHashed` receives the file's hash and
 * writes the audit entry. It is awaited before the last line is yielded, so every complete export has its entry.
 */
export async function* writeChunks(
  format: ExportFormat,
  { header, documentList, messagePages, documents }: ExportParts,
  onHashed: (sha256: string) => Promise<void>,
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  /** Returns the text itself, so that a text can be hashed and yielded at once. */
  const addToHash = (text: string): string => {
    hash.update(text)
    return text
  }
  yield addToHash(format.writeHeader(header, documentList))
  for await (const page of messagePages) {
    const texts = page.map((loaded) =>
      'leftOutMessage' in loaded
        ? format.writeLeftOutMessage(loaded.leftOutMessage)
        : format.writeMessage({ ...loaded, ...toHashedJson(loaded.message) }),
    )
    if (texts.length > 0) yield addToHash(texts.join(''))
  }
  if (documentList !== null) {
    yield addToHash(format.openDocuments())
    for await (const loaded of documents) {
      yield addToHash(
        'leftOutDocument' in loaded
          ? format.writeLeftOut(loaded.leftOutDocument)
          : format.writeDocument({ document: loaded.document, ...toHashedJson(loaded.document) }),
      )
    }
  }
  yield addToHash(format.writeTail())
  const fileHash = hash.digest('hex')
  await onHashed(fileHash)
  yield format.writeHashLine(fileHash)
}
