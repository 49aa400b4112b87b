import { detectLanguage, requireWellFormed, throwInvalid } from '../shared/index.ts'
import { type DocumentPiece, splitDocument } from './split-document.ts'

export interface DocumentLimits {
  /** A document's text may have at most this many bytes of UTF-8. */
  maxBytes: number
  /** A document's text may be split into at most this many pieces. */
  maxPieces: number
  /** At most this many earlier versions of a document are kept. */
  keptVersions: number
}

/**
 * Checks the text of a document. Returns the text as it will be stored, and its pieces. In the stored text, every line
 * ends with a line feed. A text from the web page already has such line ends.
 * @throws ChatError validation_failed
 */
export function checkAndSplitContent(
  text: string,
  { maxBytes, maxPieces }: DocumentLimits,
): { content: string; pieces: DocumentPiece[] } {
  const content = requireWellFormed(text, '/content').replace(/\r\n?/g, '\n')
  if (content.trim() === '') throwInvalid('/content', 'must not be empty')
  if (Buffer.byteLength(content) > maxBytes) throwInvalid('/content', `must have at most ${maxBytes} bytes`)
  const pieces = splitDocument(content)
  if (pieces.length > maxPieces) throwInvalid('/content', `must have at most ${maxPieces} sections`)
  return { content, pieces }
}

/**
 * Checks a title. Returns it as it will be stored: trimmed, and with one space for each run of spaces and line ends.
 * @throws ChatError validation_failed
 */
export function checkTitle(text: string): string {
  const title = requireWellFormed(text, '/title').replace(/\s+/g, ' ').trim()
  if (title === '') throwInvalid('/title', 'must not be empty')
  return title
}

/** Returns the language that was requested, or else the language that the text seems to have. */
export const chooseLanguage = (requested: string | undefined, content: string): string =>
  requested ?? detectLanguage(content)
