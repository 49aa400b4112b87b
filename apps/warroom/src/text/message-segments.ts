import type { Indicator } from '@engineer-chat/protocol'

/** Locates an indicator in a text of a message. */
export interface LocatedIndicator {
  /** `start` and `end` are offsets in this text: the whole content of the message, or one field of it. */
  sourceText: string
  start: number
  end: number
  type: Indicator['type']
  /** Holds the refanged value, for copying. */
  value: string
}

/** Says where a shown text comes from: a range of the message's `content`, or the field that a JSON pointer names. */
export type PlaceInMessage = { start: number; end: number } | { path: string }

/**
 * Lists the indicators of one place of a message, in their order. For a range, `sourceText` is the whole content,
 * because the offsets count from its beginning; for a field, it is the field.
 */
export function listIndicatorsIn(
  indicators: Indicator[],
  place: PlaceInMessage,
  sourceText: string,
): LocatedIndicator[] {
  const isInPlace = ({ start, end, path }: Indicator): boolean =>
    'path' in place ? path === place.path : path === undefined && start >= place.start && end <= place.end
  return indicators.filter(isInPlace).map(({ start, end, type, value }) => ({ sourceText, start, end, type, value }))
}

/** Holds a part of a shown text, with its indicator if the part is one. The joined segments are the text. */
export interface TextSegment {
  text: string
  indicator?: LocatedIndicator
}

/**
 * Splits a shown text at its indicators. If `place` contains the text, their offsets in the source text say where they
 * are. Without a place, or if rendering has changed the text, an indicator is found by its spelling.
 */
export function splitByIndicators(text: string, indicators: LocatedIndicator[], place?: PlaceInMessage): TextSegment[] {
  const segments: TextSegment[] = []
  let end = 0
  for (const indicator of indicators) {
    const start = findIndicator(text, indicator, end, place)
    if (start === undefined) continue
    if (start > end) segments.push({ text: text.slice(end, start) })
    end = start + indicator.end - indicator.start
    segments.push({ text: text.slice(start, end), indicator })
  }
  if (end < text.length) segments.push({ text: text.slice(end) })
  return segments
}

/** Returns the indicator's offset in the shown text, if it is at least `minOffset`. */
function findIndicator(
  text: string,
  { sourceText, start, end }: LocatedIndicator,
  minOffset: number,
  place?: PlaceInMessage,
): number | undefined {
  const spelling = sourceText.slice(start, end)
  if (!place) return findSpelling(text, spelling, minOffset)
  const [placeStart, placeEnd] = 'start' in place ? [place.start, place.end] : [0, sourceText.length]
  const textOffset = sourceText.slice(placeStart, placeEnd).indexOf(text)
  if (textOffset < 0) return findSpelling(text, spelling, minOffset)
  const offset = start - placeStart - textOffset
  return offset >= minOffset && offset + end - start <= text.length ? offset : undefined
}

/** Returns the offset of the spelling in the shown text, as a whole word and at least at `minOffset`. */
function findSpelling(text: string, spelling: string, minOffset: number): number | undefined {
  for (let offset = text.indexOf(spelling, minOffset); offset >= 0; offset = text.indexOf(spelling, offset + 1)) {
    if (isWholeWord(text, offset, offset + spelling.length)) return offset
  }
  return undefined
}

/**
 * Matches a character that may be part of a word, an address, a host or a path. Chinese, Japanese and Korean letters
 * are excluded, because these languages may put no space between a word and an address.
 */
const WORD_CHARACTER =
  /[[\w.\-@\/\\\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]/v

/** Returns true if this part of the text is not inside a longer word. A full stop after it may end the sentence. */
function isWholeWord(text: string, start: number, end: number): boolean {
  const beginsWord = start === 0 || !WORD_CHARACTER.test(text.charAt(start - 1))
  const textAfter = text.slice(end, end + 2)
  const endsWord = !WORD_CHARACTER.test(textAfter.charAt(0)) || /^\.(?!\w)/.test(textAfter)
  return beginsWord && endsWord
}
