import { mayBeSecret } from '../../checks.ts'
import { isSecretName, PASSWORD_AND_SECRET_WORDS } from '../names.ts'

/** Marks the text of a cell, without the blanks and quotes around it; `end` is exclusive. */
export interface Cell {
  start: number
  end: number
}

/** Describes the head of a table. */
export interface Head {
  cells: Cell[]
  /** Holds the indexes of the columns whose head names a secret. */
  secretColumns: ReadonlySet<number>
}

/** Matches a line that only separates rows, such as `|---|---|`. */
export const RULING_LINE = /^[\s|:+=-]+$/
const HEAD_CELL = /^[\p{L}\w .#()/-]{1,40}$/u
/** A row of Markdown begins and ends with a delimiter, so its outer cells are empty. */
const isOuter = (cells: Cell[], index: number): boolean => index === 0 || index === cells.length - 1
/** Matches a word that stands in a sentence, but not in the head of a table. */
const SENTENCE = /\b(?:the|and|or|was|were|is|are|has|not|in|of|to|for|with)\b/i
const NAMES = new RegExp(PASSWORD_AND_SECRET_WORDS, 'iu')

export const isSentence = (line: string): boolean => SENTENCE.test(line)
/** Returns false for a line that cannot be a head, because it names no secret or is a sentence. */
export const mayBeHead = (line: string): boolean => NAMES.test(line) && !isSentence(line)

/** Yields the lines of a text, each with its position. */
export function* listLines(text: string): Generator<{ line: string; start: number; end: number }> {
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd < 0 ? text.length : lineEnd
    yield { line: text.slice(start, end), start, end }
    start = end + 1
  }
}

/** Moves a cell by this many characters. The line's start converts its position in the line to one in the text. */
export const moveCell = ({ start, end }: Cell, offset: number): Cell => ({ start: start + offset, end: end + offset })

/** Returns the head if its cells are short and some of them, but not all, name a secret. */
export function toHead(line: string, cells: Cell[], delimiter?: string): Head | undefined {
  const isHead = cells.every(
    (cell, index) => (delimiter === '|' && isOuter(cells, index)) || HEAD_CELL.test(line.slice(cell.start, cell.end)),
  )
  if (!isHead) return undefined
  const secretColumns = cells.flatMap(({ start, end }, index) => (isSecretName(line.slice(start, end)) ? [index] : []))
  if (secretColumns.length === 0 || secretColumns.length === cells.length) return undefined
  return { cells, secretColumns: new Set(secretColumns) }
}

/**
 * Lists the cells of a row that hold a secret. `cellsBefore` counts the row's cells that are not in `cells`, because
 * they are on an earlier line. Only the row's cells are visited, so a very wide head does not slow down each line.
 */
export const listSecretCells = (
  line: string,
  cells: Cell[],
  secretColumns: ReadonlySet<number>,
  cellsBefore = 0,
): Cell[] =>
  cells.filter(({ start, end }, index) => {
    if (!secretColumns.has(index + cellsBefore)) return false
    const value = line.slice(start, end)
    return /^[^\n]{3,}$/.test(value) && mayBeSecret(value) && !isSecretName(value)
  })

export function trimCell(line: string, from: number, to: number): Cell {
  let [start, end] = [from, to]
  while (start < end && /[\s"'`*]/.test(line[start] ?? '')) start++
  while (end > start && /[\s"'`*]/.test(line[end - 1] ?? '')) end--
  return { start, end }
}
