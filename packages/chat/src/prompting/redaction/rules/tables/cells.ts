import { mayBeSecret } from '../../checks.ts'
import { isSecretName, PASSWORD_AND_SECRET_WORDS } from '../names.ts'

/**
 * Marks the text of a cell, without the blanks, quotes, backticks and asterisks around it. The positions are those in
 * the line that was split, until `moveCell` converts them; `end` is exclusive.
 */
export interface Cell {
  start: number
  end: number
}

/** Describes the head of a table: the line with the names of its columns. */
export interface Head {
  cells: Cell[]
  /** Holds the indexes of the columns whose head names a secret. */
  secretColumns: ReadonlySet<number>
}

/** Matches a line that only separates rows, such as `|---|---|`. */
export const RULING_LINE = /^[\s|:+=-]+$/
const HEAD_CELL = /^[\p{L}\w .#()/-]{1,40}$/u
/** Matches a word that stands in a sentence, but not in the head of a table. */
const SENTENCE_WORD = /\b(?:the|and|or|was|were|is|are|has|not|in|of|to|for|with)\b/i
const SECRET_NAME = new RegExp(PASSWORD_AND_SECRET_WORDS, 'iu')

export const isSentence = (line: string): boolean => SENTENCE_WORD.test(line)
/** Returns true if a line names a secret and is no sentence. No other line can be a head. */
export const mayBeHead = (line: string): boolean => SECRET_NAME.test(line) && !isSentence(line)

/** Yields the lines of a text, each with its positions. The line feed at `end` is not in the line. */
export function* listLines(text: string): Generator<{ line: string; start: number; end: number }> {
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd < 0 ? text.length : lineEnd
    yield { line: text.slice(start, end), start, end }
    start = end + 1
  }
}

/** Adds an offset to a cell's positions. If the offset is the start of its line, they become those in the text. */
export const moveCell = ({ start, end }: Cell, offset: number): Cell => ({ start: start + offset, end: end + offset })

/**
 * Returns a line as a head if its cells are short and some of them, but not all, name a secret. The delimiter is
 * undefined if blanks align the columns.
 */
export function toHead(line: string, cells: Cell[], delimiter?: string): Head | undefined {
  // A row of Markdown begins and ends with a delimiter, so its outer cells are empty. They are not checked.
  const isOuter = (index: number): boolean => delimiter === '|' && (index === 0 || index === cells.length - 1)
  const areHeadCells = cells.every(({ start, end }, index) => isOuter(index) || HEAD_CELL.test(line.slice(start, end)))
  if (!areHeadCells) return undefined
  const secretColumns = cells.flatMap(({ start, end }, index) => (isSecretName(line.slice(start, end)) ? [index] : []))
  if (secretColumns.length === 0 || secretColumns.length === cells.length) return undefined
  return { cells, secretColumns: new Set(secretColumns) }
}

/**
 * Lists those of `cells` that hold a secret. `earlierCellCount` is the number of the same row's cells that are on an
 * earlier line and not in `cells`. The loop visits `cells` and not the columns, so a very wide head does not slow down
 * each line.
 */
export const listSecretCells = (
  line: string,
  cells: Cell[],
  secretColumns: ReadonlySet<number>,
  earlierCellCount = 0,
): Cell[] =>
  cells.filter(({ start, end }, index) => {
    if (!secretColumns.has(index + earlierCellCount)) return false
    const value = line.slice(start, end)
    return /^[^\n]{3,}$/.test(value) && mayBeSecret(value) && !isSecretName(value)
  })

/** Creates a cell from a part of a line, without the blanks, quotes, backticks and asterisks around the part's text. */
export function trimCell(line: string, from: number, to: number): Cell {
  let [start, end] = [from, to]
  while (start < end && /[\s"'`*]/.test(line[start] ?? '')) start++
  while (end > start && /[\s"'`*]/.test(line[end - 1] ?? '')) end--
  return { start, end }
}
