import { visibleText } from '@engineer-chat/markdown'
import { defang, splitPieces } from './indicators.ts'

const BEFORE = 40
const AFTER = 120

/** A message's Markdown in one line, as its reader sees it. */
export const toPlainLine = (text: string): string => visibleText(text).replace(/\s+/g, ' ').trim()

/** The beginning of it, its indicators as they are shown elsewhere. */
export const takeBeginning = (text: string, characters: number): string =>
  splitPieces(toPlainLine(text).slice(0, characters))
    .map(({ kind, text }) => (kind === 'text' || kind === 'hash' || kind === 'ip' ? text : defang(text)))
    .join('')

/** Where the words stand, and a little around them. They may stand there in another form: then it is how the text begins. */
export function excerptAround(text: string, wanted: string): { before: string; match: string; after: string } {
  const line = toPlainLine(text)
  const at = line.toLowerCase().indexOf(wanted.toLowerCase())
  if (at < 0 || wanted === '') return { before: line.slice(0, BEFORE + AFTER), match: '', after: '' }
  const from = Math.max(0, at - BEFORE)
  const end = at + wanted.length
  return {
    before: `${from > 0 ? '…' : ''}${line.slice(from, at)}`,
    match: line.slice(at, end),
    after: `${line.slice(end, end + AFTER)}${line.length > end + AFTER ? '…' : ''}`,
  }
}
