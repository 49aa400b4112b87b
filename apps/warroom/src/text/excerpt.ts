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

/** Returns the beginning of a line, with visible marks for invisible characters. */
export const takeBeginning = (line: string, maxCharacters: number): string =>
  markDeceptive(line.slice(0, maxCharacters))

/**
 * Cuts a line around the found text. If the line contains this text only in another spelling, returns the line's
 * beginning.
 */
export function cutExcerpt(line: string, searchText: string): { before: string; match: string; after: string } {
  const found = searchText === '' ? null : toPatternInAnyCase(searchText).exec(line)
  if (!found) return { before: line.slice(0, CHARACTERS_BEFORE_MATCH + CHARACTERS_AFTER_MATCH), match: '', after: '' }
  const excerptStart = Math.max(0, found.index - CHARACTERS_BEFORE_MATCH)
  const matchEnd = found.index + found[0].length
  const excerptEnd = matchEnd + CHARACTERS_AFTER_MATCH
  return {
    before: `${excerptStart > 0 ? '…' : ''}${line.slice(excerptStart, found.index)}`,
    match: found[0],
    after: `${line.slice(matchEnd, excerptEnd)}${line.length > excerptEnd ? '…' : ''}`,
  }
}

/**
 * Matches a text in any case. The position of a match in the lower-case line would not fit the line, because some
 * letters, such as `İ`, are longer in lower case.
 */
const toPatternInAnyCase = (text: string): RegExp => new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'iu')
