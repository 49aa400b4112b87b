import { looksLikePassword } from '../../checks.ts'
import { isSecretName, NAME_KEYWORDS } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import {
  type Cell,
  type Head,
  isSentence,
  listLines,
  listSecretCells,
  mayBeHead,
  moveCell,
  RULING_LINE,
  toHead,
  trimCell,
} from './cells.ts'

/** Describes how the cells of a table are delimited. The patterns match one cell, without the delimiter after it. */
interface Format {
  delimiter: string
  /** Only quotes at the beginning of a cell have a meaning: a delimiter within them does not end the cell. */
  cellPattern: RegExp
  /** A delimiter after a backslash, or within any pair of quotes, does not end the cell. */
  looseCellPattern: RegExp
  /** Any quote begins a text that goes on to the next quote, or else to the end of the line. */
  quotingCellPattern: RegExp
}

const FORMATS = [',', ';', '\t', '|'].map(
  (delimiter): Format => ({
    delimiter,
    cellPattern: new RegExp(`(?: *"[^"]*(?:""[^"]*)*(?:"|(?<open>$)))?[^${delimiter}]*`, 'y'),
    looseCellPattern: new RegExp(`(?:[^${delimiter}"\\\\]+|\\\\[^]|"(?:[^"\\\\]|\\\\[^])*"|["\\\\])*`, 'y'),
    quotingCellPattern: new RegExp(`(?:[^${delimiter}"]+|"[^"]*(?:"|$))*`, 'y'),
  }),
)

/** Describes a table whose rows are being read. */
interface Table extends Head {
  format: Format
  /** If a cell in quotes goes on in the next line, this is the number of cells before it in its row. */
  earlierCellCount?: number
  /** If true, the line that was read last was empty or could not be read as a row. */
  isInterrupted: boolean
  /** If true, some line was empty or no row. What follows may be something else, so only passwords are hidden. */
  wasEverInterrupted: boolean
  /** Counts the unfit lines since the last row: those that are no row, are not empty and have no password in them. */
  unfitLineCount: number
}

/** One unfit line can be a comment or a row with a stray delimiter. A second one before the next row ends a table. */
const MAX_UNFIT_LINES = 1

/** Holds one way to read a line as a row, or as the rest of a row. */
interface Reading {
  cells: Cell[]
  /** If true, the quotes of the last cell do not end in this line. Only `cellPattern` tells this. */
  isOpen: boolean
  /** The number of the row's cells that are on earlier lines. */
  earlierCellCount: number
}

interface LineResult {
  start: number
  end: number
  secrets: SecretMatch[]
  /** If true, a table that began on an earlier line had not ended when this line was read. */
  followsTable: boolean
}

/**
 * Reads a text line by line, with the tables in it. A table ends at its second unfit line, or at a new head that is not
 * itself a row or comes after an interruption.
 */
function* readTables(text: string): Generator<LineResult> {
  const lastQuote = text.lastIndexOf('"')
  let table: Table | undefined
  for (const { line, start, end } of listLines(text)) {
    const followsTable = table !== undefined
    const newTable = toNewTable(line)
    const beginsTable = newTable !== undefined && (!table || table.isInterrupted)
    const cells = table && !beginsTable && !RULING_LINE.test(line) ? findSecretCells(line, table, end < lastQuote) : []
    if (beginsTable) table = newTable
    // The old table was interrupted. A new head begins another table, and too many unfit lines end the old one.
    else if (table?.isInterrupted) table = newTable ?? (table.unfitLineCount <= MAX_UNFIT_LINES ? table : undefined)
    // A head that directly follows rows of the same shape may also be a row, so the columns of both heads count.
    else if (table && newTable && isSameShape(table, newTable)) addSecretColumns(table, newTable)
    yield { start, end, followsTable, secrets: cells.map((cell) => moveCell(cell, start)) }
  }
}

const isSameShape = (table: Table, head: Table): boolean =>
  table.format === head.format && table.cells.length === head.cells.length

function addSecretColumns(table: Table, head: Table): void {
  table.secretColumns = new Set([...table.secretColumns, ...head.secretColumns])
}

/** Finds the values below a head that names a secret, in CSV, text with tabs, and tables of Markdown and terminals. */
const findColumnValues = (text: string): SecretMatch[] => Array.from(readTables(text)).flatMap(({ secrets }) => secrets)

/** Returns the position, or if a table goes on there, the beginning of the first line after that table. */
export function findTableEnd(text: string, position: number): number {
  for (const { start, end, followsTable } of readTables(text))
    if (end >= position && !followsTable) return Math.max(start, position)
  return text.length
}

/**
 * Finds the cells of a line that hold a secret, and updates the state in `table`. `hasQuoteAfter` says whether a quote
 * follows on a later line: without one, no cell goes on there.
 */
function findSecretCells(line: string, table: Table, hasQuoteAfter: boolean): Cell[] {
  const readings = listReadings(line, table)
  const columnCount = table.cells.length
  const countRowCells = ({ earlierCellCount, cells }: Reading): number => earlierCellCount + cells.length
  const goesOn = (reading: Reading): boolean => reading.isOpen && hasQuoteAfter && countRowCells(reading) <= columnCount
  const mayBeRow = line !== '' && !(table.isInterrupted && isSentence(line))
  const row = readings.find((reading) => goesOn(reading) || (mayBeRow && countRowCells(reading) === columnCount))
  table.earlierCellCount = row && goesOn(row) ? countRowCells(row) - 1 : undefined
  table.isInterrupted = !row
  // If the line is a row, each other reading that gives a whole row counts too, because any of them may be right.
  const rows = row ? readings.filter((reading) => reading === row || countRowCells(reading) === columnCount) : []
  const secretCells = [
    ...rows
      .flatMap(({ cells, earlierCellCount }) => listSecretCells(line, cells, table.secretColumns, earlierCellCount))
      .filter((cell) => !table.wasEverInterrupted || isPasswordCell(line, cell)),
    // If the row seems to go on, the quote that opens its last cell may also be a stray one.
    ...(row && !goesOn(row) ? [] : readings.flatMap((reading) => listPasswordsOfUnfitRow(line, reading, table))),
  ]
  table.wasEverInterrupted ||= !row
  if (row) table.unfitLineCount = 0
  else if (line !== '' && secretCells.length === 0) table.unfitLineCount++
  return secretCells
}

/** Lists the ways to read a line. The first one that fits decides whether the row goes on in the next line. */
function listReadings(line: string, { format, cells: headCells, earlierCellCount }: Table): Reading[] {
  const reading = { ...splitCells(line, format.cellPattern), earlierCellCount: 0 }
  const isWholeRow = !reading.isOpen && reading.cells.length === headCells.length
  if (earlierCellCount === undefined && isWholeRow) return [reading]
  const readings = [
    reading,
    { ...splitCells(line, format.looseCellPattern), earlierCellCount: 0 },
    { ...splitCells(line, format.quotingCellPattern), earlierCellCount: 0 },
  ]
  if (earlierCellCount === undefined) return readings
  // The line begins within quotes. It is split with a quote before it, and then its cells move back by that quote.
  const { cells, isOpen } = splitCells(`"${line}`, format.cellPattern)
  return [{ cells: cells.map((cell) => moveCell(cell, -1)), isOpen, earlierCellCount }, ...readings]
}

/**
 * Lists the passwords of a row that may have too few or too many cells. A cell counts if it is in a column of secrets,
 * counted from the left or from the right.
 */
const listPasswordsOfUnfitRow = (
  line: string,
  { cells, earlierCellCount }: Reading,
  { cells: headCells, secretColumns }: Head,
): Cell[] =>
  cells.filter(
    (cell, index) =>
      (secretColumns.has(index + earlierCellCount) || secretColumns.has(index + headCells.length - cells.length)) &&
      isPasswordCell(line, cell),
  )

function isPasswordCell(line: string, { start, end }: Cell): boolean {
  const value = line.slice(start, end)
  return !/\s/.test(value) && looksLikePassword(value) && !isSecretName(value)
}

/** Returns a table without rows if the line is a head, or else undefined. */
function toNewTable(line: string): Table | undefined {
  if (!mayBeHead(line)) return undefined
  for (const format of FORMATS) {
    const { delimiter, cellPattern } = format
    const head = line.includes(delimiter) ? toHead(line, splitCells(line, cellPattern).cells, delimiter) : undefined
    if (head) return { ...head, format, isInterrupted: false, wasEverInterrupted: false, unfitLineCount: 0 }
  }
  return undefined
}

/** Splits a line into trimmed cells. The pattern is one of those in a `Format`. */
function splitCells(line: string, pattern: RegExp): { cells: Cell[]; isOpen: boolean } {
  const cells: Cell[] = []
  for (let start = 0; ; start = pattern.lastIndex + 1) {
    pattern.lastIndex = start
    const isOpen = pattern.exec(line)?.groups?.open !== undefined
    cells.push(trimCell(line, start, pattern.lastIndex))
    if (pattern.lastIndex >= line.length) return { cells, isOpen }
  }
}

/** Counts the cells of a line, once for each format. The counts are in the order of `FORMATS`. */
export const countCells = (line: string): number[] =>
  FORMATS.map(({ cellPattern }) => splitCells(line, cellPattern).cells.length)

export const DELIMITED_RULE: SecretRule = {
  id: 'column',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findColumnValues,
  hiddenSamples: [
    'username,password\nadmin,«Tr0ub4dor&3»',
    '| user | password |\n|---|---|\n| admin | «Tr0ub4dor&3» |',
    'user\tpassword\nanna\t«Tr0ub4dor&3»',
  ],
  keptSamples: [
    'time,password policy,host\n10:42,strict,web-1',
    'the user, the password, and the host\nweb, was seen, twice',
  ],
}
