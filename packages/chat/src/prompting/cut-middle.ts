import { countUtf16UnitsThatFit, estimateTokens } from '../models/index.ts'
import { PLACEHOLDER } from './redaction/rules/rule.ts'

/** The head of a cut text gets this share of its tokens, and the tail gets the rest. */
const HEAD_SHARE = 0.6

/** Holds a text. Its middle may have been removed already. */
export interface TextWithGap {
  text: string
  /** Gives the position in `text` where the middle was, and how many characters were removed there. */
  gap?: { position: number; characters: number }
}

/**
 * Returns all of the text if it fits, with a note of the missing length at its gap. Otherwise returns its head and tail
 * with a note between them, or an empty text if even the note does not fit.
 */
export function cutMiddle(
  { text, gap }: TextWithGap,
  maxTokens: number,
  writeNote: (missingCharacters: number) => string,
): string {
  const missingCharacters = gap?.characters ?? 0
  const uncutText = gap
    ? `${text.slice(0, gap.position)}\n${writeNote(missingCharacters)}\n${text.slice(gap.position)}`
    : text
  if (estimateTokens(uncutText) <= maxTokens) return uncutText
  const tokensLeft = maxTokens - estimateTokens(`\n${writeNote(text.length + missingCharacters)}\n`)
  if (tokensLeft < 0) return ''
  const headEnd = countUtf16UnitsThatFit(text, Math.floor(tokensLeft * HEAD_SHARE), 'start')
  const tailStart = text.length - countUtf16UnitsThatFit(text, Math.floor(tokensLeft * (1 - HEAD_SHARE)), 'end')
  const [cutStart, cutEnd] = findCutPoints(
    text,
    Math.min(headEnd, gap?.position ?? headEnd),
    Math.max(tailStart, gap?.position ?? tailStart),
  )
  return `${text.slice(0, cutStart)}\n${writeNote(cutEnd - cutStart + missingCharacters)}\n${text.slice(cutEnd)}`
}

/** Moves both ends of the cut outwards, so that no placeholder and no character is cut in two. */
function findCutPoints(text: string, headEnd: number, tailStart: number): [cutStart: number, cutEnd: number] {
  let [cutStart, cutEnd] = [headEnd, tailStart]
  for (const { index, 0: placeholder } of text.matchAll(PLACEHOLDER)) {
    const end = index + placeholder.length
    if (index < cutStart && cutStart < end) cutStart = index
    if (index < cutEnd && cutEnd < end) cutEnd = end
  }
  if (splitsCharacter(text, cutStart)) cutStart -= 1
  if (splitsCharacter(text, cutEnd)) cutEnd += 1
  return [cutStart, cutEnd]
}

/** Returns true if the position is between the two UTF-16 units of one character. */
const splitsCharacter = (text: string, position: number): boolean =>
  /[\uDC00-\uDFFF]/.test(text[position] ?? '') && position > 0
