import type { Indicator } from '@engineer-chat/protocol'

/** An indicator as it stands in a text that is shown. */
export interface WrittenIndicator {
  /** The text that its offsets are of. */
  whole: string
  start: number
  end: number
  type: Indicator['type']
  /** The refanged value, for copying. */
  value: string
}

/** Says which text of a message is shown: a stretch of `content`, or a field by its JSON pointer. */
export type Place = { start: number; end: number } | { path: string }

/** Lists the indicators of one text of a message, in their order. `whole` is the content or the field. */
export function listIndicatorsIn(indicators: Indicator[], place: Place, whole: string): WrittenIndicator[] {
  const isThere = ({ start, end, path }: Indicator): boolean =>
    'path' in place ? path === place.path : path === undefined && start >= place.start && end <= place.end
  return indicators.filter(isThere).map(({ start, end, type, value }) => ({ whole, start, end, type, value }))
}

export interface Piece {
  text: string
  indicator?: WrittenIndicator
}

/**
 * Splits a shown text at its indicators; joined, the pieces are the text. Usually it is a stretch of the whole as it was written.
 * Where references or line ends were changed on the way, an indicator counts where the same name stands alone.
 */
export function splitPieces(text: string, indicators: WrittenIndicator[], place?: Place): Piece[] {
  const pieces: Piece[] = []
  let last = 0
  for (const indicator of indicators) {
    const start = findWritten(text, indicator, last, place)
    if (start === undefined) continue
    if (start > last) pieces.push({ text: text.slice(last, start) })
    last = start + indicator.end - indicator.start
    pieces.push({ text: text.slice(start, last), indicator })
  }
  if (last < text.length) pieces.push({ text: text.slice(last) })
  return pieces
}

function findWritten(text: string, indicator: WrittenIndicator, from: number, place?: Place): number | undefined {
  const { whole, start, end } = indicator
  const [first, behind] = place && 'start' in place ? [place.start, place.end] : [0, whole.length]
  const offset = whole.slice(first, behind).indexOf(text)
  if (offset >= 0 && place) {
    const at = start - first - offset
    return at >= from && at + end - start <= text.length ? at : undefined
  }
  const written = whole.slice(start, end)
  for (let at = text.indexOf(written, from); at >= 0; at = text.indexOf(written, at + 1)) {
    if (standsAlone(text, at, at + written.length)) return at
  }
  return undefined
}

/** A name goes on with these: what stands beside one of them is only a part of a name. */
const OF_A_NAME =
  /[[\w.\-@\/\\\p{L}\p{M}\p{N}\p{Default_Ignorable_Code_Point}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]]/v

function standsAlone(text: string, start: number, end: number): boolean {
  const isAtStart = start === 0 || !OF_A_NAME.test(text.charAt(start - 1))
  const behind = text.slice(end, end + 2)
  return isAtStart && (!OF_A_NAME.test(behind.charAt(0)) || /^\.(?!\w)/.test(behind))
}
