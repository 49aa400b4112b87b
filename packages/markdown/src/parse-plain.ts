import { getNeighbourAfter, getNeighbourBefore } from './characters.ts'
import type { Code, CodeSpan, Span } from './nodes.ts'
import { toVisibleCode } from './visible.ts'

/** Is a part of the source without markup. */
export interface PlainText extends Span {
  type: 'text'
  value: string
}

export type PlainPart = PlainText | CodeSpan | Code

const LINE = /[^\n]*\n?/g
/** Matches a fence and at most one word after it, the language. A line with more words is text and stays visible. */
const OPENING_FENCE = /^ {0,3}(`{3,})[ \t]*([\w+#.-]*)[ \t]*$/
const CLOSING_FENCE = /^ {0,3}(`{3,})[ \t]*$/

interface Line extends Span {
  text: string
}

/**
 * Parses text that is not Markdown, such as a log, a report or a post. Only code counts as markup: fences that are
 * closed, and spans in one line whose backticks no word touches from outside, except CJK text. All else is text.
 */
export function parsePlain(source: string): PlainPart[] {
  const parts: PlainPart[] = []
  if (!source.includes('`')) {
    addText(parts, source, 0, source.length)
    return parts
  }
  const lines = splitLines(source)
  const closings = pairFences(lines)
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]
    const closing = closings.get(index)
    const closingLine = closing === undefined ? undefined : lines[closing]
    if (!line) break
    if (closing === undefined || !closingLine) {
      addLine(parts, source, line)
      continue
    }
    const value = lines.slice(index + 1, closing).map(({ text }) => text)
    const info = OPENING_FENCE.exec(line.text)?.[2] ?? ''
    parts.push({ type: 'code_block', start: line.start, end: closingLine.end, value: value.join('\n'), info })
    index = closing
  }
  return parts
}

/** Returns the text that readers see, without the backticks of its code. All other characters stay. */
export const toVisiblePlain = (source: string): string =>
  parsePlain(source)
    .map((part) => (part.type === 'code_block' ? `${toVisibleCode(part)}\n` : part.value))
    .join('')

function splitLines(source: string): Line[] {
  const lines: Line[] = []
  for (const { 0: line, index } of source.matchAll(LINE)) {
    if (line !== '') lines.push({ start: index, end: index + line.length, text: line.replace(/\r?\n$/, '') })
  }
  return lines
}

/**
 * Maps each line that opens a fence to the nearest line below that closes it. The lines are read from the last one up.
 */
function pairFences(lines: Line[]): Map<number, number> {
  const pairs = new Map<number, number>()
  /** Lists the closing lines below the current one, the nearest last. Their fences get shorter from entry to entry. */
  const closings: { index: number; length: number }[] = []
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const text = lines[index]?.text ?? ''
    const fenceLength = OPENING_FENCE.exec(text)?.[1]?.length
    if (fenceLength === undefined) continue
    const nearest = closings.findLast(({ length }) => length >= fenceLength)
    if (nearest) pairs.set(index, nearest.index)
    if (!CLOSING_FENCE.test(text)) continue
    while ((closings.at(-1)?.length ?? Number.POSITIVE_INFINITY) <= fenceLength) closings.pop()
    closings.push({ index, length: fenceLength })
  }
  return pairs
}

/** Adds a line of text with its code spans. Each run of backticks is tried once as a start and once as an end. */
function addLine(parts: PlainPart[], source: string, line: Line): void {
  const runs = [...line.text.matchAll(/`+/g)].map(({ 0: { length }, index }) => ({ start: line.start + index, length }))
  /** Maps a length to the indexes of the runs of this length that can close a span, in descending order. */
  const closingRuns = new Map<number, number[]>()
  for (let index = runs.length - 1; index >= 0; index -= 1) {
    const { start = 0, length = 0 } = runs[index] ?? {}
    if (!isSeparate(getNeighbourAfter(source, start + length))) continue
    const candidates = closingRuns.get(length)
    if (candidates) candidates.push(index)
    else closingRuns.set(length, [index])
  }
  let textStart = line.start
  let runAfterSpan = 0
  for (const [index, { start, length }] of runs.entries()) {
    if (index < runAfterSpan || !isSeparate(getNeighbourBefore(source, start))) continue
    const candidates = closingRuns.get(length) ?? []
    while ((candidates.at(-1) ?? Number.POSITIVE_INFINITY) <= index) candidates.pop()
    const closingIndex = candidates.at(-1)
    const closing = closingIndex === undefined ? undefined : runs[closingIndex]
    if (closingIndex === undefined || !closing) continue
    addText(parts, source, textStart, start)
    textStart = closing.start + length
    parts.push({ type: 'code', start, end: textStart, value: source.slice(start + length, closing.start) })
    runAfterSpan = closingIndex + 1
  }
  addText(parts, source, textStart, line.end)
}

const isSeparate = ({ character, kind }: { character: string; kind: string }): boolean =>
  kind !== 'word' && character !== '\\'

function addText(parts: PlainPart[], source: string, start: number, end: number): void {
  if (start === end) return
  const last = parts.at(-1)
  if (last?.type !== 'text') parts.push({ type: 'text', start, end, value: source.slice(start, end) })
  else {
    last.end = end
    last.value = source.slice(last.start, end)
  }
}
