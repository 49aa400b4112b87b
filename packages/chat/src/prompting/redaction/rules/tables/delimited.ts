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

/** Describes how the cells of a table are delimited. */
interface Format {
  delimiter: string
  /** Matches a cell. A delimiter within quotes that begin the cell does not end it; other quotes have no meaning. */
  cell: RegExp
  /** Matches a cell that a delimiter within any quotes, or after a backslash, does not end. */
  looseCell: RegExp
  /** Matches a cell in which any quote begins a text that goes on to the next quote, or to the end of the line. */
  quotingCell: RegExp
}

const FORMATS = [',', ';', '\t', '|'].map(
  (delimiter): Format => ({
    delimiter,
    cell: new RegExp(`(?: *"[^"]*(?:""[^"]*)*(?:"|(?<open>$)))?[^${delimiter}]*`, 'y'),
    looseCell: new RegExp(`(?:[^${delimiter}"\\\\]+|\\\\[^]|"(?:[^"\\\\]|\\\\[^])*"|["\\\\])*`, 'y'),
    quotingCell: new RegExp(`(?:[^${delimiter}"]+|"[^"]*(?:"|$))*`, 'y'),
  }),
)

/** Describes a table whose rows are being read. */
interface Table extends Head {
  format: Format
  /** This is set if a cell in quotes goes on in the next line. It counts the cells of its row before that cell. */
  cellsBefore?: number
  /** If true, the last line was empty or could not be read as a row. */
  isInterrupted: boolean
  /** If true, some line was empty or no row. What follows may be something else, so only passwords are hidden. */
  wasEverInterrupted: boolean
  /** Counts the odd lines since the last row: those that are no row, are not empty and have no password in them. */
  oddLineCount: number
}

/** A table ends at its second odd line, because one odd line can also be a comment or a row with a stray delimiter. */
const MAX_ODD_LINES = 1

/** Holds one way to read a line as a row, or as the rest of a row. */
interface Row {
  cells: Cell[]
  /** If true, the quotes of the last cell do not end in this line. */
  isOpen: boolean
  cellsBefore: number
}

interface ReadLine {
  start: number
  end: number
  secrets: SecretMatch[]
  /** If true, a table goes on at the beginning of this line. */
  isInTable: boolean
}

/** Reads a text with the tables in it line by line. A table goes on until two odd lines or a new head end it. */
function* readTables(text: string): Generator<ReadLine> {
  const lastQuote = text.lastIndexOf('"')
  let table: Table | undefined
  for (const { line, start, end } of listLines(text)) {
    const isInTable = table !== undefined
    const newTable = toNewTable(line)
    const beginsTable = newTable && (!table || table.isInterrupted)
    const cells = table && !beginsTable && !RULING_LINE.test(line) ? readRow(line, table, end < lastQuote) : []
    if (beginsTable) table = newTable
    // This line is no row of the table. It begins a new table, or the old one ends if it is the second odd line.
    else if (table?.isInterrupted) table = newTable ?? (table.oddLineCount <= MAX_ODD_LINES ? table : undefined)
    else if (table && newTable && isSameShape(table, newTable)) addSecretColumns(table, newTable)
    yield { start, end, isInTable, secrets: cells.map((cell) => moveCell(cell, start)) }
  }
}

/** A head that directly follows rows of the same shape may also be a row, so the columns of both heads count. */
const isSameShape = (table: Table, head: Table): boolean =>
  table.format === head.format && table.cells.length === head.cells.length

function addSecretColumns(table: Table, head: Table): void {
  table.secretColumns = new Set([...table.secretColumns, ...head.secretColumns])
}

/** Finds the values below a head that names a secret, in CSV, tabs and tables of Markdown and terminals. */
const findColumnValues = (text: string): SecretMatch[] => Array.from(readTables(text)).flatMap(({ secrets }) => secrets)

/** Returns the position, or if a table goes on there, the beginning of the first line after that table. */
export function findTableEnd(text: string, position: number): number {
  for (const { start, end, isInTable } of readTables(text))
    if (end >= position && !isInTable) return Math.max(start, position)
  return text.length
}

/** Finds a line's secrets, and keeps the state of the reading in `table`. `mayGoOn` is false if no quotes follow. */
function readRow(line: string, table: Table, mayGoOn: boolean): Cell[] {
  const rows = listRows(line, table)
  const columnCount = table.cells.length
  const countRowCells = (row: Row): number => row.cellsBefore + row.cells.length
  const goesOn = (row: Row): boolean => row.isOpen && mayGoOn && countRowCells(row) <= columnCount
  const mayBeRow = line !== '' && !(table.isInterrupted && isSentence(line))
  const row = rows.find((row) => goesOn(row) || (mayBeRow && countRowCells(row) === columnCount))
  table.cellsBefore = row && goesOn(row) ? countRowCells(row) - 1 : undefined
  table.isInterrupted = !row
  // Each other way that gives a whole row counts too, because any of them may be the right one.
  const fitting = rows.filter((other) => other === row || (row && countRowCells(other) === columnCount))
  const cells = [
    ...fitting
      .flatMap((row) => listSecretCells(line, row.cells, table.secretColumns, row.cellsBefore))
      .filter((cell) => !table.wasEverInterrupted || isPasswordCell(line, cell)),
    // If the row seems to go on, its open quote may also be a stray one.
    ...(row && !goesOn(row) ? [] : rows.flatMap((row) => listPasswordsOfOddRow(line, row, table))),
  ]
  table.wasEverInterrupted ||= !row
  if (row) table.oddLineCount = 0
  else if (line !== '' && cells.length === 0) table.oddLineCount++
  return cells
}

/** Lists the ways to read a line. The first one that fits decides whether the row goes on in the next line. */
function listRows(line: string, { format, cells: { length }, cellsBefore }: Table): Row[] {
  const row = { ...splitCells(line, format.cell), cellsBefore: 0 }
  if (cellsBefore === undefined && !row.isOpen && row.cells.length === length) return [row]
  const rows = [
    row,
    ...[format.looseCell, format.quotingCell].map((cell) => ({ ...splitCells(line, cell), cellsBefore: 0 })),
  ]
  if (cellsBefore === undefined) return rows
  // The line begins within quotes. It is split with a quote before it, and then its cells move back by that quote.
  const { cells, isOpen } = splitCells(`"${line}`, format.cell)
  return [{ cells: cells.map((cell) => moveCell(cell, -1)), isOpen, cellsBefore }, ...rows]
}

/** Lists the passwords of a row with too few or too many cells. Its columns are counted from the left and the right. */
const listPasswordsOfOddRow = (
  line: string,
  { cells, cellsBefore }: Row,
  { cells: columns, secretColumns }: Head,
): Cell[] =>
  cells.filter(
    (cell, index) =>
      (secretColumns.has(index + cellsBefore) || secretColumns.has(index + columns.length - cells.length)) &&
      isPasswordCell(line, cell),
  )

function isPasswordCell(line: string, { start, end }: Cell): boolean {
  const value = line.slice(start, end)
  return !/\s/.test(value) && looksLikePassword(value) && !isSecretName(value)
}

/** Returns a table without rows if the line is a head. */
function toNewTable(line: string): Table | undefined {
  if (!mayBeHead(line)) return undefined
  for (const format of FORMATS) {
    const { delimiter, cell } = format
    const head = line.includes(delimiter) ? toHead(line, splitCells(line, cell).cells, delimiter) : undefined
    if (head) return { ...head, format, isInterrupted: false, wasEverInterrupted: false, oddLineCount: 0 }
  }
  return undefined
}

/** Splits a line into cells, trimmed and without their quotes. */
function splitCells(line: string, pattern: RegExp): { cells: Cell[]; isOpen: boolean } {
  const cells: Cell[] = []
  for (let start = 0; ; start = pattern.lastIndex + 1) {
    pattern.lastIndex = start
    const isOpen = pattern.exec(line)?.groups?.open !== undefined
    cells.push(trimCell(line, start, pattern.lastIndex))
    if (pattern.lastIndex >= line.length) return { cells, isOpen }
  }
}

/** Counts the cells of a line for each delimiter. */
export const countCells = (line: string): number[] => FORMATS.map(({ cell }) => splitCells(line, cell).cells.length)

export const TABLE_RULE: SecretRule = {
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
