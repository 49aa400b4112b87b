import { markDeceptive, type Text, toVisibleText } from '@engineer-chat/markdown'
import { type MessageWithContent, readMessageBody, readQuote } from '@engineer-chat/protocol'
import { toFieldRows } from './files/field-rows.ts'

const CHARACTERS_BEFORE_MATCH = 40
const CHARACTERS_AFTER_MATCH = 120

/**
 * Formats a message as one line, as its reader sees it: Markdown without its marks, other text and the fields with all
 * of their characters, and the quoted text at the end.
 */
export function toPlainLine(message: MessageWithContent): string {
  const { text, isMarkdown, fields } = readMessageBody(message)
  const { sender_type } = message
  const ownText = text === undefined ? [] : [isMarkdown ? toVisibleMarkdown(text, sender_type === 'ai') : text]
  const rows = toFieldRows(fields).rows.map(({ name, value = '' }) => `${name}: ${value}`)
  const quote = readQuote(message)
  return [...ownText, ...rows, ...(quote ? [`↩ “${quote.text}”`] : [])].join(' ').replace(/\s+/g, ' ').trim()
}

/**
 * Returns the visible text of Markdown. Character references, such as `&lt;`, are decoded only in texts of the AI. In
 * other texts they are evidence.
 */
export const toVisibleMarkdown = (text: string, decodesReferences: boolean): string =>
  toVisibleText(text, decodesReferences ? {} : { text: (node: Text) => text.slice(node.start, node.end) })

/** Matches what a cut leaves of a divided character: half of a surrogate pair, and the joiner of an emoji. */
const DIVIDED_END = /\u200D?[\uD800-\uDBFF]?$/
/** Also matches a skin tone and a variation selector, which belong to the emoji before the cut. */
const DIVIDED_START = /^[\uDC00-\uDFFF]?(?:\uD83C[\uDFFB-\uDFFF])?[\uFE0E\uFE0F]?\u200D?/

/**
 * Cuts a part out of a text. Drops what the cut leaves of a divided character, because it would be shown as `�` or
 * marked as invisible.
 */
export function cutText(text: string, start: number, end: number): string {
  const part = text.slice(start, end)
  const withWholeStart = start > 0 ? part.replace(DIVIDED_START, '') : part
  return end < text.length ? withWholeStart.replace(DIVIDED_END, '') : withWholeStart
}

/** Returns the beginning of a text, with `…` after a cut and visible marks for invisible characters. */
export const takeBeginning = (text: string, maxCharacters: number): string =>
  `${markDeceptive(cutText(text, 0, maxCharacters))}${text.length > maxCharacters ? '…' : ''}`

/**
 * Cuts a line around the found text. If the line contains this text only in another spelling, returns the line's
 * beginning.
 */
export function cutExcerpt(line: string, searchText: string): { before: string; match: string; after: string } {
  const found = searchText === '' ? null : toPatternInAnyCase(searchText).exec(line)
  if (!found) {
    const maxCharacters = CHARACTERS_BEFORE_MATCH + CHARACTERS_AFTER_MATCH
    return { before: cutText(line, 0, maxCharacters), match: '', after: line.length > maxCharacters ? '…' : '' }
  }
  const excerptStart = Math.max(0, found.index - CHARACTERS_BEFORE_MATCH)
  const textAfterMatch = line.slice(found.index + found[0].length)
  return {
    before: `${excerptStart > 0 ? '…' : ''}${cutText(line.slice(0, found.index), excerptStart, found.index)}`,
    match: found[0],
    after: `${cutText(textAfterMatch, 0, CHARACTERS_AFTER_MATCH)}${textAfterMatch.length > CHARACTERS_AFTER_MATCH ? '…' : ''}`,
  }
}

/**
 * Matches a text in any case. The position of a match in the lower-case line would not fit the line, because some
 * letters, such as `İ`, are longer in lower case.
 */
const toPatternInAnyCase = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu')
