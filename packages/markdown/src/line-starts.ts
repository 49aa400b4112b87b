import { LineCursor } from './line-cursor.ts'
import type { Span } from './nodes.ts'

export const LINE_END = /\r\n|\r|\n/g

/** A line that is indented by at least this many columns is code (CommonMark), unless it continues a paragraph. */
export const CODE_INDENT = 4

const FENCE = /(`{3,})([^`\r\n]*)|(~{3,})([^\r\n]*)/y
const CLOSING_FENCE = /(`{3,}|~{3,})[ \t]*/y
const HEADING = /(#{1,6})(?=[ \t]|$|[\r\n])/y
const THEMATIC_BREAK = /(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}/y
const TASK_MARK = /\[([ xX])\][ \t]+(?=\S)/y
const LIST_MARKER = /(?:([-+*])|(\d{1,9})([.)]))(?=[ \t\r\n]|$)/y

export interface Fence {
  character: string
  length: number
  /** Counts the columns before the fence. */
  indent: number
}

/** Finds an opening fence and the info string after it at the cursor, which stays. */
export function matchFence(cursor: LineCursor, indent: number): { fence: Fence; info: string } | undefined {
  const match = cursor.matchAhead(FENCE)
  if (!match || cursor.position + match[0].length !== cursor.end) return undefined
  const fenceRun = match[1] ?? match[3] ?? ''
  const info = (match[2] ?? match[4] ?? '').trim()
  return { fence: { character: fenceRun[0] ?? '', length: fenceRun.length, indent }, info }
}

export function isClosingFence(cursor: LineCursor, { character, length }: Fence): boolean {
  if (cursor.countIndentation() >= CODE_INDENT) return false
  const lookahead = new LineCursor(cursor.source, cursor.findTextStart(), cursor.end)
  const closing = lookahead.matchAhead(CLOSING_FENCE)
  const fenceRun = closing?.[1] ?? ''
  return (
    fenceRun[0] === character &&
    fenceRun.length >= length &&
    lookahead.position + (closing?.[0].length ?? 0) === cursor.end
  )
}

/** Counts the `#` at the start of a heading. Returns 0 if the line is no heading. */
export const matchHeadingDepth = (cursor: LineCursor): number => cursor.matchAhead(HEADING)?.[1]?.length ?? 0

export function isThematicBreak(cursor: LineCursor): boolean {
  const match = cursor.matchAhead(THEMATIC_BREAK)
  return match !== null && cursor.position + match[0].length === cursor.end
}

export interface Marker {
  length: number
  /** Is undefined for a bullet. */
  number: number | undefined
}

/**
 * Finds the marker of a list item at the cursor, which stays. An item may interrupt a paragraph only if it has text and
 * is a bullet or has the number 1.
 */
export function matchMarker(cursor: LineCursor, interruptsParagraph: boolean): Marker | undefined {
  const match = cursor.matchAhead(LIST_MARKER)
  if (!match) return undefined
  const [{ length }, , digits] = match
  const firstNumber = digits === undefined ? undefined : Number.parseInt(digits, 10)
  const isEmpty = new LineCursor(cursor.source, cursor.position + length, cursor.end).isBlank()
  return interruptsParagraph && (isEmpty || (firstNumber !== undefined && firstNumber !== 1))
    ? undefined
    : { length, number: firstNumber }
}

/** Returns true if the line continues or begins a quote at the cursor. */
export const startsWithQuote = (cursor: LineCursor): boolean =>
  cursor.countIndentation() < CODE_INDENT && !cursor.isBlank() && cursor.source[cursor.findTextStart()] === '>'

/** Moves the cursor past the `>` of a quote and the blank after it. */
export function enterQuote(cursor: LineCursor): void {
  cursor.skipBlanks(CODE_INDENT - 1)
  cursor.advance(1)
  if (cursor.countIndentation() > 0) cursor.skipBlanks(1)
}

/** Reads the mark of an item of a task list, and moves the cursor past it. Returns whether the task is done. */
export function readTaskMark(cursor: LineCursor): boolean | undefined {
  const match = cursor.matchAhead(TASK_MARK)
  if (!match) return undefined
  cursor.advance(match[0].length)
  return match[1] !== ' '
}

/** Removes the blanks at the end of a span. If the start is after the end, the span is empty. */
export function trimSpanEnd(source: string, start: number, untrimmedEnd: number): Span {
  let end = untrimmedEnd
  while (end > start && (source[end - 1] === ' ' || source[end - 1] === '\t')) end -= 1
  return { start: Math.min(start, end), end }
}
