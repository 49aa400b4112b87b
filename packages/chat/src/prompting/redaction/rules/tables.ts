import { isSecretValue, isTechnical, isUnlikeWord } from '../checks.ts'
import { isSecretName, NAME_KEYWORDS, NAME_WORDS } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'

interface Cell {
  start: number
  end: number
}

/** Describes the head of a table. */
interface Head {
  cells: Cell[]
  /** Holds the indexes of the columns whose head names a secret. */
  secretColumns: number[]
}

/** Describes the head of a table whose cells have delimiters between them. */
type DelimitedHead = Head & { cellPattern: RegExp }

/** Matches a line that only separates rows, such as `|---|---|`. */
const RULING_LINE = /^[\s|:+=-]+$/
/** Matches a cell. A delimiter within quotes that begin a cell does not end it; a quote elsewhere has no meaning. */
const CELL_PATTERNS = [',', ';', '\t', '|'].map((delimiter) => ({
  delimiter,
  cellPattern: new RegExp(`(?<=^|[${delimiter}])(?: *"[^"]*(?:""[^"]*)*(?:"|(?<open>$)))?[^${delimiter}]*`, 'g'),
}))
const HEAD_CELL = /^[\p{L}\w .#()/-]{1,40}$/u
/** A row of Markdown begins and ends with a delimiter, so its outer cells are empty. */
const isOuter = (cells: Cell[], index: number): boolean => index === 0 || index === cells.length - 1
/** Matches a word that stands in a sentence, but not in the head of a table. */
const SENTENCE = /\b(?:the|and|or|was|were|is|are|has|not|in|of|to|for|with)\b/i
const NAMES = new RegExp(NAME_WORDS, 'iu')

/** Yields the lines of a text, each with its position. */
function* listLines(text: string): Generator<{ line: string; start: number; end: number }> {
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd < 0 ? text.length : lineEnd
    yield { line: text.slice(start, end), start, end }
    start = end + 1
  }
}

/** Finds the values below a head that names a secret, in CSV, tabs and tables of Markdown and terminals. */
function findColumns(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let head: DelimitedHead | undefined
  // This is set if a cell in quotes goes on in the next line. It counts the cells of its row before that cell.
  let cellsBefore: number | undefined
  const lastQuote = text.lastIndexOf('"')
  for (const { line, start, end } of listLines(text)) {
    if (head && !RULING_LINE.test(line)) {
      const row = cellsBefore === undefined ? line : `"${line}`
      const { cells, isOpen } = splitCells(row, head.cellPattern)
      const cellCount = (cellsBefore ?? 0) + cells.length
      const goesOn = isOpen && cellCount <= head.cells.length && end < lastQuote
      if (goesOn || cellCount === head.cells.length) {
        const rowStart = start - (row.length - line.length)
        for (const cell of listSecretCells(row, cells, head.secretColumns, cellsBefore))
          secrets.push(moveCell(cell, rowStart))
      } else head = undefined
      cellsBefore = goesOn ? cellCount - 1 : undefined
    }
    head ??= findHead(line)
  }
  return secrets
}

/** Converts a position in a line to a position in the text. */
const moveCell = ({ start, end }: Cell, lineStart: number): Cell => ({ start: lineStart + start, end: lineStart + end })

function findHead(line: string): DelimitedHead | undefined {
  if (!NAMES.test(line) || SENTENCE.test(line)) return undefined
  for (const { delimiter, cellPattern } of CELL_PATTERNS) {
    const head = line.includes(delimiter) ? toHead(line, splitCells(line, cellPattern).cells, delimiter) : undefined
    if (head) return { ...head, cellPattern }
  }
  return undefined
}

/** Returns the head if its cells are short and some of them, but not all, name a secret. */
function toHead(line: string, cells: Cell[], delimiter?: string): Head | undefined {
  const isHead = cells.every(
    (cell, index) => (delimiter === '|' && isOuter(cells, index)) || HEAD_CELL.test(line.slice(cell.start, cell.end)),
  )
  if (!isHead) return undefined
  const secretColumns = cells.flatMap(({ start, end }, index) => (isSecretName(line.slice(start, end)) ? [index] : []))
  return secretColumns.length > 0 && secretColumns.length < cells.length ? { cells, secretColumns } : undefined
}

/** `cellsBefore` counts the cells of the row that are not in the list, because they are on an earlier line. */
const listSecretCells = (line: string, cells: Cell[], secretColumns: number[], cellsBefore = 0): Cell[] =>
  secretColumns.flatMap((index) => {
    const cell = cells[index - cellsBefore]
    const value = cell ? line.slice(cell.start, cell.end) : ''
    return cell && /^[^\n]{3,}$/.test(value) && isSecretValue(value) && !isSecretName(value) ? [cell] : []
  })

/** Splits a line into cells, trimmed and without their quotes. The last cell is open if its quotes do not end. */
function splitCells(line: string, pattern: RegExp): { cells: Cell[]; isOpen: boolean } {
  let isOpen = false
  const cells = Array.from(line.matchAll(pattern), ({ 0: written, index, groups }) => {
    isOpen = groups?.open !== undefined
    return trimCell(line, index, index + written.length)
  })
  return { cells, isOpen }
}

function trimCell(line: string, from: number, to: number): Cell {
  let [start, end] = [from, to]
  while (start < end && /[\s"'`*]/.test(line[start] ?? '')) start++
  while (end > start && /[\s"'`*]/.test(line[end - 1] ?? '')) end--
  return { start, end }
}

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
  /[,;|:=]/.test(line) || !/ {2}|\t/.test(line) || !NAMES.test(line) || SENTENCE.test(line)
    ? undefined
    : toHead(line, splitAlignedCells(line))

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

const INSERT = /\bINSERT\s+INTO\s+[\w."`[\]]{1,100}\s*\((?<columns>[^()]+)\)\s*VALUES/gi
const ROW_BEGIN = /\s*(?:,\s*)?\(/y

/** Finds the values of a column that names a secret, in each row of an INSERT. */
function findInserted(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  const inserts = [...text.matchAll(INSERT)]
  let readTo = 0
  for (const [index, insert] of inserts.entries()) {
    const columns = (insert.groups?.columns ?? '').split(',')
    const secretColumns = columns.flatMap((column, columnIndex) =>
      isSecretName(column.replace(/[`"[\]]/g, '')) ? [columnIndex] : [],
    )
    if (secretColumns.length === 0) continue
    // Text that a row before has already read is read again only up to the next INSERT, so that the time is linear.
    const limit = insert.index < readTo ? (inserts[index + 1]?.index ?? text.length) : text.length
    ROW_BEGIN.lastIndex = insert.index + insert[0].length
    while (ROW_BEGIN.test(text)) {
      const { cells, end } = splitSqlRow(text, ROW_BEGIN.lastIndex, limit)
      for (const cell of listSecretCells(text, cells, secretColumns)) secrets.push(cell)
      readTo = Math.max(readTo, end)
      ROW_BEGIN.lastIndex = end
    }
  }
  return secrets
}

/** Splits a row, which begins behind its opening bracket, into cells. A row that does not end has the limit as its end. */
function splitSqlRow(text: string, from: number, limit: number): { cells: Cell[]; end: number } {
  const cells: Cell[] = []
  let cellStart = from
  let depth = 0
  let quote: string | undefined
  for (let index = from; index < limit; index++) {
    const character = text[index]
    if (quote !== undefined) {
      if (character === '\\') index++
      else if (character === quote) quote = undefined // Two quotes in a row end one string and begin the next one.
    } else if (character === "'" || character === '"') quote = character
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0 && (character === ',' || character === ')')) {
      cells.push(trimCell(text, cellStart, index))
      cellStart = index + 1
      if (character === ')') return { cells, end: cellStart }
    }
  }
  return { cells, end: limit }
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
  {
    id: 'inserted',
    kind: 'PASSWORD',
    keywords: ['insert'],
    find: findInserted,
    hides: [`INSERT INTO users (name, password) VALUES ('admin', '«Tr0ub4dor&3»')`],
    keeps: [`INSERT INTO users (name, mail) VALUES ('admin', 'x')`],
  },
]
