import { countCharactersWithin, estimateTokens } from '../models/index.ts'

const HEAD = 0.6
const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g

/** Holds a text that may have lost a part already. */
export interface Passage {
  text: string
  /** States where the cut is and how many characters it removed. */
  gap?: { at: number; characters: number }
}

/** Returns the text, or its head and tail with a note of the missing length; empty if the note does not fit. */
export function cutMiddle({ text, gap }: Passage, most: number, note: (characters: number) => string): string {
  const missing = gap?.characters ?? 0
  if (!gap && estimateTokens(text) <= most) return text
  if (gap) {
    const noted = `${text.slice(0, gap.at)}\n${note(missing)}\n${text.slice(gap.at)}`
    if (estimateTokens(noted) <= most) return noted
  }
  const room = most - estimateTokens(`\n${note(text.length + missing)}\n`)
  if (room < 0) return ''
  const head = countCharactersWithin(text, Math.floor(room * HEAD), 'start')
  const tail = text.length - countCharactersWithin(text, Math.floor(room * (1 - HEAD)), 'end')
  const [from, to] = findCutPoints(text, Math.min(head, gap?.at ?? head), Math.max(tail, gap?.at ?? tail))
  return `${text.slice(0, from)}\n${note(to - from + missing)}\n${text.slice(to)}`
}

/** Moves the cuts so that no placeholder and no character is cut in two; the part at the cut is left out. */
function findCutPoints(text: string, head: number, tail: number): [number, number] {
  let [from, to] = [head, tail]
  for (const { index, 0: found } of text.matchAll(PLACEHOLDER)) {
    const end = index + found.length
    if (index < from && from < end) from = index
    if (index < to && to < end) to = end
  }
  if (isHalfPlaceholder(text, from)) from -= 1
  if (isHalfPlaceholder(text, to)) to += 1
  return [from, to]
}

const isHalfPlaceholder = (text: string, at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '') && at > 0
