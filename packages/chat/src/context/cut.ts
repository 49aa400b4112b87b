import { charactersWithin, estimateTokens } from './tokens.ts'

const HEAD = 0.6
const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g

/** The text, or its head and tail with a note of how much is missing between them; empty if not even the note would fit. */
export function cutMiddle(text: string, most: number, note: (characters: number) => string): string {
  if (estimateTokens(text) <= most) return text
  const room = most - estimateTokens(`\n${note(text.length)}\n`)
  if (room < 0) return ''
  const head = charactersWithin(text, Math.floor(room * HEAD), 'start')
  const tail = text.length - charactersWithin(text, Math.floor(room * (1 - HEAD)), 'end')
  const [from, to] = outside(text, head, tail)
  return `${text.slice(0, from)}\n${note(to - from)}\n${text.slice(to)}`
}

/** No placeholder and no character is cut in two: what would be is left out. */
function outside(text: string, head: number, tail: number): [number, number] {
  let [from, to] = [head, tail]
  for (const { index, 0: found } of text.matchAll(PLACEHOLDER)) {
    const end = index + found.length
    if (index < from && from < end) from = index
    if (index < to && to < end) to = end
  }
  if (isHalf(text, from)) from -= 1
  if (isHalf(text, to)) to += 1
  return [from, to]
}

const isHalf = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '') && at > 0
