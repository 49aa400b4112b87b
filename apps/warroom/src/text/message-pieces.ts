import { defang } from '@engineer-chat/markdown'
import type { Indicator, Message } from '@engineer-chat/protocol'

/** An indicator as it stands in a text that is shown. */
export interface WrittenIndicator {
  written: string
  type: Indicator['type']
  /** The refanged value, for copying. */
  value: string
}

export type IndicatedMessage = Pick<Message, 'message_content' | 'indicators'>

/** Says which text of a message is shown: a stretch of `content`, or a field by its JSON pointer. */
export type Place = { start: number; end: number } | { path: string }

/** Lists the indicators of one text of a message, in their order. `whole` is the content or the field. */
export function listWritten(indicators: Indicator[], place: Place, whole: string): WrittenIndicator[] {
  const isThere = ({ start, end, path }: Indicator): boolean =>
    'path' in place ? path === place.path : path === undefined && start >= place.start && end <= place.end
  return indicators.filter(isThere).map(({ start, end, type, value }) => ({
    written: whole.slice(start, end),
    type,
    value,
  }))
}

/** Lists the indicators of `content`, for a line that is made of it. */
export const listContentIndicators = ({ message_content, indicators = [] }: IndicatedMessage): WrittenIndicator[] =>
  listWritten(indicators, { start: 0, end: message_content.content.length }, message_content.content)

export interface Piece {
  text: string
  indicator?: WrittenIndicator
}

/** Splits a text at its indicators. What was changed on the way here, or was cut off, is no indicator any more. */
export function splitPieces(text: string, indicators: WrittenIndicator[]): Piece[] {
  const pieces: Piece[] = []
  let place = 0
  for (const indicator of indicators) {
    const start = text.indexOf(indicator.written, place)
    if (start < 0) continue
    if (start > place) pieces.push({ text: text.slice(place, start) })
    place = start + indicator.written.length
    pieces.push({ text: toInert(indicator), indicator })
  }
  if (place < text.length) pieces.push({ text: text.slice(place) })
  return pieces
}

const ADDRESSES: ReadonlySet<Indicator['type']> = new Set(['url', 'domain', 'email'])

/** Writes an address so that nobody opens it by a slip. */
const toInert = ({ written, type }: { written: string; type: Indicator['type'] }): string =>
  ADDRESSES.has(type) ? defang(written) : written
