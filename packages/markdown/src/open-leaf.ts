import { parseInlines } from './inlines/parse-inlines.ts'
import type { LineCursor } from './line-cursor.ts'
import { CODE_INDENT, type Fence, isClosingFence } from './line-starts.ts'
import type { Block, Span, Table } from './nodes.ts'
import { addRow, startTable } from './table.ts'

export interface OpenParagraph {
  kind: 'paragraph'
  lines: Span[]
  /**
   * Is true if the paragraph has a lazy continuation line (CommonMark): the line lacks the `>` or the indentation of
   * its container. Renderers disagree about such lines.
   */
  hasLazyContinuation: boolean
}

export interface OpenCode {
  kind: 'code'
  start: number
  end: number
  lines: string[]
  /** Holds CommonMark's info string: the text after the opening fence. */
  info: string
  /** Is undefined for indented code. */
  fence?: Fence
}

export interface OpenTable {
  kind: 'table'
  table: Table
}

/** Describes the leaf that the next line may continue. */
export type OpenLeaf = OpenParagraph | OpenCode | OpenTable

export function getStart(leaf: OpenLeaf): number {
  if (leaf.kind === 'code') return leaf.start
  return leaf.kind === 'table' ? leaf.table.start : (leaf.lines[0]?.start ?? 0)
}

/** Adds a line to a code block. `rejected` means that the line does not belong to the block. */
export function addCodeLine(code: OpenCode, cursor: LineCursor): 'added' | 'closed' | 'rejected' {
  if (!code.fence) {
    if (cursor.countIndentation() < CODE_INDENT && !cursor.isBlank()) return 'rejected'
    cursor.skipBlanks(CODE_INDENT)
    code.lines.push(cursor.rest)
    if (!cursor.isBlank()) code.end = cursor.end
    return 'added'
  }
  code.end = cursor.end
  if (isClosingFence(cursor, code.fence)) return 'closed'
  cursor.skipBlanks(code.fence.indent)
  code.lines.push(cursor.rest)
  return 'added'
}

export function startIndentedCode(cursor: LineCursor): OpenCode {
  const start = cursor.findTextStart()
  cursor.skipBlanks(CODE_INDENT)
  return { kind: 'code', start, end: cursor.end, lines: [cursor.rest], info: '' }
}

/**
 * Adds a line of text. If the line is a table's delimiter row, the paragraph's last line becomes the table's header
 * and the table is returned.
 */
export function addTextLine(
  leaf: OpenParagraph | OpenTable,
  source: string,
  line: Span,
  isLazy: boolean,
): OpenTable | undefined {
  if (leaf.kind === 'table') {
    addRow(source, leaf.table, line)
    return undefined
  }
  const header = leaf.lines.at(-1)
  const table = isLazy || !header ? undefined : startTable(source, header, line)
  if (table) {
    leaf.lines.pop()
    return { kind: 'table', table }
  }
  leaf.lines.push(line)
  leaf.hasLazyContinuation ||= isLazy
  return undefined
}

/**
 * Converts a leaf to a block when no line continues it. Returns undefined for a paragraph whose only line became a
 * table's header.
 */
export function toBlock(leaf: OpenLeaf, source: string): Block | undefined {
  if (leaf.kind === 'table') return leaf.table
  if (leaf.kind === 'code') {
    const { start, end, info, fence, lines } = leaf
    const value = fence ? lines.join('\n') : lines.join('\n').trimEnd()
    return { type: 'code_block', start, end, value, info }
  }
  const [firstLine, lastLine] = [leaf.lines[0], leaf.lines.at(-1)]
  if (!firstLine || !lastLine) return undefined
  const inlines = parseInlines(source, leaf.lines, { hasLazyContinuation: leaf.hasLazyContinuation })
  return { type: 'paragraph', start: firstLine.start, end: lastLine.end, inlines }
}
