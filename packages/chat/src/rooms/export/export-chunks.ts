import { createHash } from 'node:crypto'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import type { Event, EventSummary, Message } from '@engineer-chat/protocol'
import { sha256 } from '../../shared/index.ts'

/** Holds what stands above the messages. */
export interface ExportHeader {
  event: Event
  summary: EventSummary | null
  /** Pins are sorted by their messages' position. */
  pins: Message[]
  exported_at: string
  exported_by: string
  /** The export contains the room up to this number. */
  seq: number
  /** If true, the reader's own private chats are part of it. */
  with_private: boolean
}

export interface ExportedMessage {
  message: Message
  /** This is the hash of `json`. */
  sha256: string
  /** Holds the message as it stands in the JSON export, byte by byte. */
  json: string
}

/** Turns a room into a document. Each method returns text that ends with a line. */
export interface ExportFormat {
  writeHead(head: ExportHeader): string
  writeMessage(exported: ExportedMessage): string
  writeTail(): string
  /** Returns the last line, with the hash of every byte above it. */
  writeHashLine(hash: string): string
}

const hashMessage = (message: Message): ExportedMessage => {
  const json = escapeHiddenInJson(JSON.stringify(message))
  return { message, json, sha256: sha256(json) }
}

/**
 * Writes a document page by page. `onHashed` receives the hash and is awaited before the last line goes out, so every
 * complete document has its audit entry.
 */
export async function* writeChunks(
  format: ExportFormat,
  head: ExportHeader,
  pages: AsyncIterable<Message[]>,
  onHashed: (sha256: string) => Promise<void>,
): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const addToHash = (text: string): string => {
    hash.update(text)
    return text
  }
  yield addToHash(format.writeHead(head))
  for await (const page of pages) {
    if (page.length > 0) yield addToHash(page.map((message) => format.writeMessage(hashMessage(message))).join(''))
  }
  yield addToHash(format.writeTail())
  const sum = hash.digest('hex')
  await onHashed(sum)
  yield format.writeHashLine(sum)
}
