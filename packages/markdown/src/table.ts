import { parseInlines } from './inlines/parse-inlines.ts'
import type { Span, Table, TextBlock } from './nodes.ts'

/** Returns the spans of the cells of a line, without pipes. A pipe after a backslash is part of its cell. */
function splitCells(source: string, { start, end }: Span): Span[] {
  const cells: Span[] = []
  let cellStart = source[start] === '|' ? start + 1 : start
  for (let index = cellStart; index < end; index += 1) {
    if (source[index] === '\\') index += 1
    else if (source[index] === '|') {
      cells.push(trimSpan(source, cellStart, index))
      cellStart = index + 1
    }
  }
  const lastCell = trimSpan(source, cellStart, end)
  if (lastCell.start < lastCell.end || cells.length === 0) cells.push(lastCell)
  return cells
}

function trimSpan(source: string, from: number, to: number): Span {
  let start = from
  let end = to
  while (start < end && isBlank(source[start])) start += 1
  while (end > start && isBlank(source[end - 1])) end -= 1
  return { start, end }
}

const isBlank = (character: string | undefined) => character === ' ' || character === '\t'

/** Starts a table if the line is a delimiter row, such as `|---|:-:|`, with as many cells as the header. */
export function startTable(source: string, header: Span, line: Span): Table | undefined {
  if (!/^[|:\- \t]*$/.test(source.slice(line.start, line.end)) || !source.slice(line.start, line.end).includes('|'))
    return undefined
  const delimiterCells = splitCells(source, line)
  if (!delimiterCells.every(({ start, end }) => /^:?-+:?$/.test(source.slice(start, end)))) return undefined
  const cells = splitCells(source, header)
  if (cells.length !== delimiterCells.length) return undefined
  return {
    type: 'table',
    start: header.start,
    end: line.end,
    header: cells.map((cell) => toCell(source, cell)),
    rows: [],
  }
}

export function addRow(source: string, table: Table, line: Span): void {
  table.rows.push(splitCells(source, line).map((cell) => toCell(source, cell)))
  table.end = line.end
}

const toCell = (source: string, cell: Span): TextBlock => ({
  ...cell,
  inlines: parseInlines(source, [cell], { isCell: true }),
})
