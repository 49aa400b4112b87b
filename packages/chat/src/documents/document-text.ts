import { checkWellFormed, detectLanguage, throwInvalid } from '../shared/index.ts'
import { type DocumentPiece, splitDocument } from './split-document.ts'

export interface DocumentLimits {
  /** Limits the text of a document, in bytes of UTF-8. */
  maxBytes: number
  maxPieces: number
  /** Limits how many earlier versions of a document are kept. */
  keptVersions: number
}

/**
 * Checks the text of a document and splits it. Every line end becomes a line feed, as in a text that a person typed
 * into the web page.
 * @throws ChatError validation_failed
 */
export function checkAndSplitContent(
  source: string,
  { maxBytes, maxPieces }: DocumentLimits,
): { content: string; pieces: DocumentPiece[] } {
  const content = checkWellFormed(source, '/content').replace(/\r\n?/g, '\n')
  if (content.trim() === '') throwInvalid('/content', 'must not be empty')
  if (Buffer.byteLength(content) > maxBytes) throwInvalid('/content', `must have at most ${maxBytes} bytes`)
  const pieces = splitDocument(content)
  if (pieces.length > maxPieces) throwInvalid('/content', `must have at most ${maxPieces} sections`)
  return { content, pieces }
}

/** Checks a title and joins its lines to one. @throws ChatError validation_failed */
export function checkTitle(source: string): string {
  const title = checkWellFormed(source, '/title').replace(/\s+/g, ' ').trim()
  if (title === '') throwInvalid('/title', 'must not be empty')
  return title
}

export const chooseLanguage = (requested: string | undefined, content: string): string =>
  requested ?? detectLanguage(content)
