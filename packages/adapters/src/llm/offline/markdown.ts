import { markDeceptive, toCodeSpan, toVerbatim } from '@engineer-chat/markdown'

/** Shows foreign text in one line and as it was written. It is no markup and hides nothing. */
export const toPlainText = (text: string): string => toVerbatim(markDeceptive(text).trim())

/** Shows foreign text as `toPlainText` does, in a cell of a table, where a pipe would end the cell. */
export const toCell = (text: string): string => markDeceptive(text).trim().split('|').map(toVerbatim).join('&#124;')

/** Cuts the text at a line or a word after at most `maxCharacters` characters, and says that it was cut. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text
  const head = text.slice(0, maxCharacters)
  const end = Math.max(head.lastIndexOf('\n'), head.lastIndexOf(' '), head.lastIndexOf('。') + 1)
  return `${head
    .slice(0, end > maxCharacters / 2 ? end : maxCharacters)
    .trimEnd()
    .toWellFormed()} …`
}

const MAX_LINE = 300

/** Joins the lines of a text, and cuts what is too long for one line of an answer. */
export const toShortLine = (text: string): string => cutText(markDeceptive(text).replaceAll(/\s+/g, ' '), MAX_LINE)

/** Formats a block quote whose lines show each character as it was written. */
export function quoteText(text: string): string {
  return markDeceptive(text)
    .trim()
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${toVerbatim(line)}`.trimEnd())
    .join('\n')
}

export const toCode = toCodeSpan

/** Writes a time like `2026-11-22 12:20 UTC`. */
export const formatTime = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

export const toCodeList = (values: string[], maxCount: number): string => {
  const shown = values.slice(0, maxCount).map(toCode).join(', ')
  return values.length > maxCount ? `${shown} (+${values.length - maxCount})` : shown
}
