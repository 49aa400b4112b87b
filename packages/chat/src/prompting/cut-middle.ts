import { countCharactersThatFit, estimateTokens } from '../models/index.ts'

/** The head of a cut text gets this share of its tokens, and the tail gets the rest. */
const HEAD_SHARE = 0.6
const PLACEHOLDER = /\[\[[A-Z]{2,8}-\d{1,4}\]\]/g

/** Holds a text that may have lost a part already. */
export interface Passage {
  text: string
  /** States where the cut is and how many characters it removed. */
  gap?: { position: number; characters: number }
}

/** Returns the text, or its head and tail with a note of the missing length; empty if the note does not fit. */
export function cutMiddle({ text, gap }: Passage, maxTokens: number, note: (characters: number) => string): string {
  const missing = gap?.characters ?? 0
  if (!gap && estimateTokens(text) <= maxTokens) return text
  if (gap) {
    const noted = `${text.slice(0, gap.position)}\n${note(missing)}\n${text.slice(gap.position)}`
    if (estimateTokens(noted) <= maxTokens) return noted
  }
  const tokensLeft = maxTokens - estimateTokens(`\n${note(text.length + missing)}\n`)
  if (tokensLeft < 0) return ''
  const head = countCharactersThatFit(text, Math.floor(tokensLeft * HEAD_SHARE), 'start')
  const tail = text.length - countCharactersThatFit(text, Math.floor(tokensLeft * (1 - HEAD_SHARE)), 'end')
  const [from, to] = findCutPoints(text, Math.min(head, gap?.position ?? head), Math.max(tail, gap?.position ?? tail))
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
  if (splitsCharacter(text, from)) from -= 1
  if (splitsCharacter(text, to)) to += 1
  return [from, to]
}

const splitsCharacter = (text: string, position: number): boolean =>
  /[\uDC00-\uDFFF]/.test(text[position] ?? '') && position > 0
