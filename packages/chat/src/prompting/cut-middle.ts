import { countUtf16UnitsThatFit, estimateTokens } from '../models/index.ts'
import { PLACEHOLDER } from './redaction/rules/rule.ts'

/** If a text is cut, its head gets this share of the tokens that are left for it. Its tail gets the rest. */
const HEAD_SHARE = 0.6

/** Holds a text. Its middle may have been removed already. */
export interface TextWithGap {
  text: string
  /** `position` says where in `text` the middle was, and `characters` counts the removed ones. */
  gap?: { position: number; characters: number }
}

/**
 * Returns the given text uncut if it fits. If it has a gap, a note there says how many characters are missing.
 * Otherwise returns its head and tail with such a note between them, or an empty text if not even the note fits.
 */
export function cutMiddle(
  { text, gap }: TextWithGap,
  maxTokens: number,
  writeNote: (missingCharacters: number) => string,
): string {
  const gapCharacters = gap?.characters ?? 0
  const uncutText = gap
    ? `${text.slice(0, gap.position)}\n${writeNote(gapCharacters)}\n${text.slice(gap.position)}`
    : text
  if (estimateTokens(uncutText) <= maxTokens) return uncutText
  const longestNote = writeNote(text.length + gapCharacters)
  const tokensLeft = maxTokens - estimateTokens(`\n${longestNote}\n`)
  if (tokensLeft < 0) return ''
  const headEnd = countUtf16UnitsThatFit(text, Math.floor(tokensLeft * HEAD_SHARE), 'start')
  const tailStart = text.length - countUtf16UnitsThatFit(text, Math.floor(tokensLeft * (1 - HEAD_SHARE)), 'end')
  // The removed part includes the gap, so that one note is enough.
  const [cutStart, cutEnd] = findCutPoints(
    text,
    Math.min(headEnd, gap?.position ?? headEnd),
    Math.max(tailStart, gap?.position ?? tailStart),
  )
  return `${text.slice(0, cutStart)}\n${writeNote(cutEnd - cutStart + gapCharacters)}\n${text.slice(cutEnd)}`
}

/** Enlarges the part to remove at both ends, so that no placeholder and no character is cut in two. */
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
