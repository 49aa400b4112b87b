import { isTechnical, isUnlikeWord, looksLikePassword } from '../checks.ts'
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
import { isSecretName, NAME_KEYWORDS } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'

/** Describes how the cells of a table are delimited. */
interface Format {
  delimiter: string
  /** Matches a cell. A delimiter within quotes that begin the cell does not end it; a quote elsewhere has no meaning. */
  cell: RegExp
  /** Matches a cell that a delimiter within any quotes, or after a backslash, does not end. */
  looseCell: RegExp
}

const FORMATS = [',', ';', '\t', '|'].map(
  (delimiter): Format => ({
    delimiter,
    cell: new RegExp(`(?: *"[^"]*(?:""[^"]*)*(?:"|(?<open>$)))?[^${delimiter}]*`, 'y'),
    looseCell: new RegExp(`(?:[^${delimiter}"\\\\]+|\\\\[^]|"(?:[^"\\\\]|\\\\[^])*"|["\\\\])*`, 'y'),
  }),
)

/** Describes a table whose rows are being read. */
interface Table extends Head {
  format: Format
  /** This is set if a cell in quotes goes on in the next line. It counts the cells of its row before that cell. */
  cellsBefore?: number
  /** If true, the last line was blank or fitted no row. */
  isInterrupted: boolean
  /** Counts the lines since the last row that fitted. Blank lines and lines with a password in them do not count. */
  oddLines: number
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
    const newHead = !table || table.isInterrupted ? findHead(line) : undefined
    const cells = table && !newHead && !RULING_LINE.test(line) ? readRow(line, table, end < lastQuote) : []
    if (newHead) table = newHead
    else if (table?.isInterrupted) table = findHead(line) ?? keepTable(table)
    yield { start, end, isInTable, secrets: cells.map((cell) => moveCell(cell, start)) }
  }
}

const keepTable = (table: Table): Table | undefined => (table.oddLines <= MAX_ODD_LINES ? table : undefined)

/** Finds the values below a head that names a secret, in CSV, tabs and tables of Markdown and terminals. */
const findColumns = (text: string): SecretMatch[] => Array.from(readTables(text)).flatMap(({ secrets }) => secrets)

/** Returns the position, or if a table goes on there, the beginning of the first line after that table. */
export function findTableEnd(text: string, position: number): number {
  for (const { start, end, isInTable } of readTables(text))
    if (end >= position && !isInTable) return Math.max(start, position)
  return text.length
}

/** Finds the secrets in a line of a table. `mayGoOn` is false if no quotes follow the line. */
function readRow(line: string, table: Table, mayGoOn: boolean): Cell[] {
  const rows = listRows(line, table)
  const columnCount = table.cells.length
  const countRowCells = (row: Row): number => row.cellsBefore + row.cells.length
  const goesOn = (row: Row): boolean => row.isOpen && mayGoOn && countRowCells(row) <= columnCount
  const isOdd = line === '' || (table.isInterrupted && isSentence(line))
  const row = rows.find((row) => goesOn(row) || (!isOdd && countRowCells(row) === columnCount))
  table.cellsBefore = row && goesOn(row) ? countRowCells(row) - 1 : undefined
  table.isInterrupted = !row
  const fitting = rows.filter((other) => other === row || (row && countRowCells(other) === columnCount))
  const cells = [
    ...fitting.flatMap((row) => listSecretCells(line, row.cells, table.secretColumns, row.cellsBefore)),
    // If the row seems to go on, its open quote may also be a stray one.
    ...(row && !goesOn(row) ? [] : rows.flatMap((row) => listOddCells(line, row, table))),
  ]
  if (row) table.oddLines = 0
  else if (line !== '' && cells.length === 0) table.oddLines++
  return cells
}

/** Lists the ways to read a line. The first one that fits decides whether the row goes on in the next line. */
function listRows(line: string, { format, cells: { length }, cellsBefore }: Table): Row[] {
  const row = { ...splitCells(line, format.cell), cellsBefore: 0 }
  if (cellsBefore === undefined && !row.isOpen && row.cells.length === length) return [row]
  const rows = [row, { ...splitCells(line, format.looseCell), cellsBefore: 0 }]
  if (cellsBefore === undefined) return rows
  const { cells, isOpen } = splitCells(`"${line}`, format.cell)
  return [{ cells: cells.map((cell) => moveCell(cell, -1)), isOpen, cellsBefore }, ...rows]
}

/** Lists the passwords of a row that has too few or too many cells, so that its columns count from either side. */
const listOddCells = (line: string, { cells, cellsBefore }: Row, head: Head): Cell[] =>
  head.secretColumns
    .flatMap((index) => [cells[index - cellsBefore], cells[cells.length - head.cells.length + index]])
    .filter((cell) => cell !== undefined)
    .filter(({ start, end }) => {
      const value = line.slice(start, end)
      return !/\s/.test(value) && looksLikePassword(value) && !isSecretName(value)
    })

function findHead(line: string): Table | undefined {
  if (!mayBeHead(line)) return undefined
  for (const format of FORMATS) {
    const { delimiter, cell } = format
    const head = line.includes(delimiter) ? toHead(line, splitCells(line, cell).cells, delimiter) : undefined
    if (head) return { ...head, format, isInterrupted: false, oddLines: 0 }
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

/** Matches the blanks between two columns. A single blank may be within a cell. */
const GAP = / {2,}|\t+/g
const MIN_ALIGNED_CHARACTERS = 4

/** Finds the values below a head that names a secret where blanks align the columns, as consoles print them. */
function findAligned(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let head: Head | undefined
  for (const { line, start } of listLines(text)) {
    if (line.trim() === '') head = undefined
    else if (head && !RULING_LINE.test(line))
      for (const cell of listAlignedSecrets(line, head)) secrets.push(moveCell(cell, start))
    head ??= findAlignedHead(line)
  }
  return secrets
}

export const findAlignedHead = (line: string): Head | undefined =>
  /[,;|:=]/.test(line) || !/ {2}|\t/.test(line) || !mayBeHead(line) ? undefined : toHead(line, splitAlignedCells(line))

function splitAlignedCells(line: string): Cell[] {
  const cells: Cell[] = []
  let from = 0
  for (const { 0: gap, index } of [...line.matchAll(GAP), { 0: '', index: line.length }]) {
    if (index > from) cells.push(trimCell(line, from, index))
    from = index + gap.length
  }
  return cells.filter(({ start, end }) => end > start)
}

/** Finds a cell by its number if the row has as many cells as the head, otherwise by where the head's cell begins. */
function listAlignedSecrets(line: string, head: Head): Cell[] {
  const cells = splitAlignedCells(line)
  const cellsByStart = new Map(cells.map((cell) => [cell.start, cell]))
  return head.secretColumns.flatMap((index) => {
    const cell = cells.length === head.cells.length ? cells[index] : cellsByStart.get(head.cells[index]?.start ?? 0)
    const value = cell ? line.slice(cell.start, cell.end) : ''
    const isSecret =
      value.length >= MIN_ALIGNED_CHARACTERS && !/\s/.test(value) && isUnlikeWord(value) && /\p{L}/u.test(value)
    return cell && isSecret && !isTechnical(value) && !isSecretName(value) ? [cell] : []
  })
}

export const TABLE_RULES: SecretRule[] = [
  {
    id: 'column',
    kind: 'PASSWORD',
    keywords: NAME_KEYWORDS,
    find: findColumns,
    hides: [
      'username,password\nadmin,«Tr0ub4dor&3»',
      '| user | password |\n|---|---|\n| admin | «Tr0ub4dor&3» |',
      'user\tpassword\nanna\t«Tr0ub4dor&3»',
    ],
    keeps: [
      'time,password policy,host\n10:42,strict,web-1',
      'the user, the password, and the host\nweb, was seen, twice',
    ],
  },
  {
    id: 'aligned',
    kind: 'PASSWORD',
    keywords: NAME_KEYWORDS,
    find: findAligned,
    hides: [
      'User        Password\n----        --------\nadmin       «Tr0ub4dor&3»\nm.chen      «Zomer2026!»\n\nend',
      'Host   User   Password      Note\nweb-1  root   «Tr0ub4dor&3»   old\nweb-2         «Zomer2026!»',
    ],
    keeps: [
      'User   Password\nadmin  required',
      'NAME   TYPE   TOKEN\nweb-1  a   2026-11-22',
      'Password   Last set\n\nx  Tr0ub4dor',
    ],
  },
]
