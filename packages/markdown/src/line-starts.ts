import { Cursor } from './cursor.ts'
import type { Span } from './nodes.ts'

export const LINE_END = /\r\n|\r|\n/g

const FENCE = /(`{3,})([^`\r\n]*)|(~{3,})([^\r\n]*)/y
const CLOSING = /(`{3,}|~{3,})[ \t]*/y
const HEADING = /(#{1,6})(?=[ \t]|$|[\r\n])/y
const RULE = /(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}/y
const MARKER = /(?:([-+*])|(\d{1,9})([.)]))(?=[ \t\r\n]|$)/y

export interface Fence {
  character: string
  length: number
  indent: number
}

/** Reads the fence that a line opens, and the words after it. */
export function readFence(cursor: Cursor, indent: number): { fence: Fence; info: string } | undefined {
  const match = cursor.match(FENCE)
  if (!match || cursor.pos + match[0].length !== cursor.end) return undefined
  const ticks = match[1] ?? match[3] ?? ''
  const info = (match[2] ?? match[4] ?? '').trim()
  return { fence: { character: ticks[0] ?? '', length: ticks.length, indent }, info }
}

export function isClosingFence(cursor: Cursor, { character, length }: Fence): boolean {
  if (cursor.indentation() > 3) return false
  const ahead = new Cursor(cursor.source, cursor.nextText(), cursor.end)
  const closing = ahead.match(CLOSING)
  const ticks = closing?.[1] ?? ''
  return ticks[0] === character && ticks.length >= length && ahead.pos + (closing?.[0].length ?? 0) === cursor.end
}

/** Counts the `#` at the start of a heading. */
export const readHeadingDepth = (cursor: Cursor): number => cursor.match(HEADING)?.[1]?.length ?? 0

export function isRule(cursor: Cursor): boolean {
  const match = cursor.match(RULE)
  return match !== null && cursor.pos + match[0].length === cursor.end
}

export interface Marker {
  length: number
  /** Holds the number of an ordered list's item. */
  first: number | undefined
}

/**
 * Reads the marker of a list's item. Only an item with text, and with the number 1 or none, interrupts a paragraph.
 */
export function readMarker(cursor: Cursor, interruptsParagraph: boolean): Marker | undefined {
  const match = cursor.match(MARKER)
  if (!match) return undefined
  const [{ length }, , digits] = match
  const first = digits === undefined ? undefined : Number.parseInt(digits, 10)
  const isEmpty = new Cursor(cursor.source, cursor.pos + length, cursor.end).isBlank()
  return interruptsParagraph && (isEmpty || (first !== undefined && first !== 1)) ? undefined : { length, first }
}

/** Moves past the `>` of a quote and the blank that belongs to it. */
export function enterQuote(cursor: Cursor): void {
  cursor.skip(3)
  cursor.advance(1)
  if (cursor.indentation() > 0) cursor.skip(1)
}

export function trimSpanEnd(source: string, start: number, to: number): Span {
  let end = to
  while (end > start && (source[end - 1] === ' ' || source[end - 1] === '\t')) end -= 1
  return { start: Math.min(start, end), end }
}
