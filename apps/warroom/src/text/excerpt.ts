import { markDeceptive, type Text, visibleText } from '@engineer-chat/markdown'
import { type MessageWithContent, readMessageBody } from '@engineer-chat/protocol'
import { toFieldRows } from './field-rows.ts'

const BEFORE = 40
const AFTER = 120

/** A message in one line, as its reader sees it: Markdown without its marks, data with all of its characters. */
export function toPlainLine(message: MessageWithContent): string {
  const { text, isMarkdown, fields } = readMessageBody(message)
  const { sender_type } = message
  const own = text === undefined ? [] : [isMarkdown ? toVisible(text, sender_type === 'ai') : text]
  const rows = toFieldRows(fields).rows.map(({ name, value = '' }) => `${name}: ${value}`)
  return [...own, ...rows].join(' ').replace(/\s+/g, ' ').trim()
}

/** Character references are decoded in what the AI wrote alone: in others' texts they are evidence. */
const toVisible = (text: string, decodes: boolean): string =>
  visibleText(text, decodes ? {} : { text: (node: Text) => text.slice(node.start, node.end) })

/** The beginning of a line, with marks for what nobody sees. */
export const takeBeginning = (line: string, characters: number): string => markDeceptive(line.slice(0, characters))

/** Cuts a line around the words. Where they stand in another form, it returns the line's beginning. */
export function excerptAround(line: string, searchText: string): { before: string; match: string; after: string } {
  const at = line.toLowerCase().indexOf(searchText.toLowerCase())
  if (at < 0 || searchText === '') return { before: line.slice(0, BEFORE + AFTER), match: '', after: '' }
  const from = Math.max(0, at - BEFORE)
  const end = at + searchText.length
  return {
    before: `${from > 0 ? '…' : ''}${line.slice(from, at)}`,
    match: line.slice(at, end),
    after: `${line.slice(end, end + AFTER)}${line.length > end + AFTER ? '…' : ''}`,
  }
}
