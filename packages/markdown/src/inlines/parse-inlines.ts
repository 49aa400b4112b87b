import type { Inline, Span } from '../nodes.ts'
import { InlineReader } from './inline-reader.ts'
import { buildTree } from './tree.ts'

/** Parses the inlines of a paragraph, heading or cell. `lines` are the spans of its lines in the source. */
export function parseInlines(
  source: string,
  lines: Span[],
  { isCell = false, hasLazyContinuation = false } = {},
): Inline[] {
  const text = lines.map(({ start, end }) => source.slice(start, end)).join('\n')
  const tokens = new InlineReader(text, isCell, hasLazyContinuation).read()
  return buildTree(text, tokens, createPositionMapper(lines))
}

/** Returns a function that maps positions in the joined lines to positions in the source. */
function createPositionMapper(lines: Span[]): (position: number) => number {
  const joinedStarts: number[] = []
  let joinedStart = 0
  for (const { start, end } of lines) {
    joinedStarts.push(joinedStart)
    joinedStart += end - start + 1
  }
  return (position) => {
    let low = 0
    let high = joinedStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((joinedStarts[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return (lines[low]?.start ?? 0) + position - (joinedStarts[low] ?? 0)
  }
}
