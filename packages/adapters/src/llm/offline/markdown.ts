import { markDeceptive, toCodeSpan, toVerbatim } from '@engineer-chat/markdown'
import { MAX_CITED, MAX_VALUE_BYTES } from './limits.ts'

/** Formats a line of a text of others: no character acts as markup, and hidden characters become visible marks. */
export const toPlainText = (text: string): string => toVerbatim(markDeceptive(text).trim())

/** Formats a text as `toPlainText` does, but for a cell of a table, where a pipe would end the cell. */
export const toCell = (text: string): string => markDeceptive(text).trim().split('|').map(toVerbatim).join('&#124;')

const CUT_MARK = ' …'

/**
 * Shortens a text to `maxCharacters` and `MAX_VALUE_BYTES`, and adds `CUT_MARK` to a shortened text. The marks that
 * show hidden characters are part of the length.
 */
export function cutText(text: string, maxCharacters: number = MAX_VALUE_BYTES): string {
  const marked = markDeceptive(trimHalfCharacter(text.slice(0, MAX_VALUE_BYTES + 1)))
  const isWhole = text.length <= MAX_VALUE_BYTES && marked.length <= maxCharacters
  if (isWhole && Buffer.byteLength(marked) <= MAX_VALUE_BYTES) return marked
  const head = takeBytes(
    trimHalfCharacter(marked.slice(0, maxCharacters)),
    MAX_VALUE_BYTES - Buffer.byteLength(CUT_MARK),
  )
  // The cut is after a line, a word or a Chinese sentence if this keeps more than half of the text.
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '), head.lastIndexOf('。') + 1)
  return `${trimHalfMark(head.slice(0, end > head.length / 2 ? end : head.length)).trimEnd()}${CUT_MARK}`
}

/** Takes whole characters from the beginning. */
function takeBytes(text: string, maxBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return text.slice(0, read)
}

const trimHalfCharacter = (text: string): string =>
  /[\uD800-\uDBFF]/.test(text.charAt(text.length - 1)) ? text.slice(0, -1) : text

/** Removes the beginning of a mark for a hidden character, such as `⟨U+20`. */
function trimHalfMark(text: string): string {
  const start = text.lastIndexOf('⟨')
  return start > text.lastIndexOf('⟩') && text.length - start < MAX_MARK_CHARACTERS ? text.slice(0, start) : text
}

const MAX_MARK_CHARACTERS = 20
const MAX_LINE_CHARACTERS = 300

/** Joins the lines of a text, and cuts what is too long for one line of an answer. */
export const toShortLine = (text: string, maxCharacters: number = MAX_LINE_CHARACTERS): string =>
  cutText(markDeceptive(text).replaceAll(/\s+/g, ' ').trim(), maxCharacters)

/** Formats a block quote whose lines show each character as it was written, up to `MAX_VALUE_BYTES`. */
export function quoteText(text: string): string {
  return cutText(text)
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${toVerbatim(line)}`.trimEnd())
    .join('\n')
}

export const toCode = (value: string): string => toCodeSpan(cutText(value))

/** Writes a time like `2026-11-22 12:20 UTC`. */
export const formatTime = (iso: string): string => `${formatMinute(iso)} UTC`

/** Writes a time like `2026-11-22 12:20`, where a heading says that it is UTC. */
export const formatMinute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}`

/** Writes two times like `2026-11-22 12:20 – 14:05`, and one time if both are equal. */
export function formatSpan(first: string, last: string): string {
  const [from, to] = [formatMinute(first), formatMinute(last)]
  if (from === to) return from
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)}` : `${from} – ${to}`
}

export const toCodeList = (values: string[], maxCount: number): string => {
  const shown = values.slice(0, maxCount).map(toCode).join(', ')
  return values.length > maxCount ? `${shown} (+${values.length - maxCount})` : shown
}

/** Writes the mark that cites sources, such as ` [ev1, msg2]`, with a blank before it. */
export function cite(ids: Iterable<string | undefined>): string {
  const known = [...new Set(ids)].filter((id) => id !== undefined)
  if (known.length === 0) return ''
  const mark = ` [${known.slice(0, MAX_CITED).join(', ')}]`
  return known.length > MAX_CITED ? `${mark} (+${known.length - MAX_CITED})` : mark
}

export const formatBullets = (lines: string[]): string => lines.map((line) => `- ${line}`).join('\n')
export const formatNumbered = (lines: string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join('\n')
export const joinParagraphs = (...parts: Array<string | undefined | false>): string =>
  parts.filter(Boolean).join('\n\n')
