import type { Inline, Span } from '../nodes.ts'
import { InlineReader } from './inline-reader.ts'
import { buildTree } from './tree.ts'

/** Parses the inlines of a leaf, whose lines have these places in the source. */
export function parseInlines(
  source: string,
  lines: Span[],
  { isCell = false, hasDisputedLines = false } = {},
): Inline[] {
  const text = lines.map(({ start, end }) => source.slice(start, end)).join('\n')
  const pieces = new InlineReader(text, isCell, hasDisputedLines).read()
  return buildTree(text, pieces, toSource(lines))
}

/** Maps places in the joined lines to places in the source. */
function toSource(lines: Span[]): (position: number) => number {
  const begins: number[] = []
  let begin = 0
  for (const { start, end } of lines) {
    begins.push(begin)
    begin += end - start + 1
  }
  return (position) => {
    let low = 0
    let high = begins.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((begins[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return (lines[low]?.start ?? 0) + position - (begins[low] ?? 0)
  }
}
