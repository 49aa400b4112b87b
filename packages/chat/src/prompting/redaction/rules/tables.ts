import { isSecretValue, isTechnical, isUnlikeWord } from '../checks.ts'
import { isSecretName, NAME_KEYWORDS, NAME_WORDS } from './names.ts'
import type { SecretMatch, SecretRule } from './rule.ts'

interface Cell {
  start: number
  end: number
}

/** Describes the head of a table whose cells have delimiters between them. */
interface DelimitedHead {
  delimiter: string
  cellCount: number
  /** Holds the indexes of the columns whose head names a secret. */
  secretColumns: number[]
}

/** Describes the head of a table whose columns are aligned by blanks. */
interface AlignedHead {
  cells: Cell[]
  secretColumns: number[]
}

const DELIMITERS = [',', ';', '\t', '|'] as const
const MAX_ROWS = 2_000
const MAX_LINE_CHARACTERS = 4_000
/** Matches a line that only separates rows, such as `|---|---|`. */
const RULING_LINE = /^[\s|:+=-]+$/
const HEAD_CELL = /^[\p{L}\w .#()/-]{1,40}$/u
/** A row of Markdown begins and ends with a delimiter, so its outer cells are empty. */
const isOuter = (cells: Cell[], index: number): boolean => index === 0 || index === cells.length - 1
/** Matches a word that stands in a sentence, but not in the head of a table. */
const SENTENCE = /\b(?:the|and|or|was|were|is|are|has|not|in|of|to|for|with)\b/i
const NAMES = new RegExp(NAME_WORDS, 'iu')

/** Finds the values below a head that names a secret, in CSV, tabs and tables of Markdown and terminals. */
function findColumns(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let head: DelimitedHead | undefined
  let rowCount = 0
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd < 0 ? text.length : lineEnd
    const line = text.slice(start, Math.min(end, start + MAX_LINE_CHARACTERS))
    if (head && !RULING_LINE.test(line)) {
      const cells = splitCells(line, head.delimiter)
      if (cells.length === head.cellCount && rowCount < MAX_ROWS) {
        rowCount += 1
        secrets.push(...moveCells(listSecretCells(line, cells, head.secretColumns), start))
      } else head = undefined
    }
    if (!head) {
      head = findHead(line)
      rowCount = 0
    }
    start = end + 1
  }
  return secrets
}

/** Converts positions in a line to positions in the text. */
const moveCells = (cells: Cell[], lineStart: number): Cell[] =>
  cells.map(({ start, end }) => ({ start: lineStart + start, end: lineStart + end }))

function findHead(line: string): DelimitedHead | undefined {
  if (!NAMES.test(line)) return undefined
  for (const delimiter of DELIMITERS) {
    if (!line.includes(delimiter)) continue
    const cells = splitCells(line, delimiter)
    const secretColumns = cells.flatMap((cell, index) =>
      isSecretName(line.slice(cell.start, cell.end)) ? [index] : [],
    )
    const isHead =
      cells.length >= 2 &&
      cells.every(
        (cell, index) =>
          (delimiter === '|' && isOuter(cells, index)) || HEAD_CELL.test(line.slice(cell.start, cell.end)),
      )
    if (secretColumns.length > 0 && secretColumns.length < cells.length && isHead && !SENTENCE.test(line))
      return { delimiter, cellCount: cells.length, secretColumns }
  }
  return undefined
}

const listSecretCells = (line: string, cells: Cell[], secretColumns: number[]): Cell[] =>
  secretColumns.flatMap((index) => {
    const cell = cells[index]
    const value = cell ? line.slice(cell.start, cell.end) : ''
    return cell && value.length >= 3 && isSecretValue(value) && !isSecretName(value) ? [cell] : []
  })

/** Splits a line into cells, trimmed and without their quotes. A delimiter within quotes does not split. */
function splitCells(line: string, delimiter: string): Cell[] {
  const cells: Cell[] = []
  let start = 0
  let isQuoted = false
  for (let index = 0; index <= line.length; index++) {
    if (line[index] === '"') isQuoted = !isQuoted
    if (index < line.length && (isQuoted || line[index] !== delimiter)) continue
    cells.push(trimCell(line, start, index))
    start = index + 1
  }
  return cells
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
  let head: AlignedHead | undefined
  let rowCount = 0
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd < 0 ? text.length : lineEnd
    const line = text.slice(start, Math.min(end, start + MAX_LINE_CHARACTERS))
    if (line.trim() === '' || rowCount > MAX_ROWS) head = undefined
    else if (head && !RULING_LINE.test(line)) {
      rowCount += 1
      secrets.push(...moveCells(listAlignedSecrets(line, head), start))
    }
    if (!head) {
      head = findAlignedHead(line)
      rowCount = 0
    }
    start = end + 1
  }
  return secrets
}

function findAlignedHead(line: string): AlignedHead | undefined {
  if (!NAMES.test(line) || SENTENCE.test(line) || /[,;|:=]/.test(line)) return undefined
  const cells = splitAlignedCells(line)
  const secretColumns = cells.flatMap((cell, index) => (isSecretName(line.slice(cell.start, cell.end)) ? [index] : []))
  const isHead = cells.length > 1 && cells.every(({ start, end }) => HEAD_CELL.test(line.slice(start, end)))
  return isHead && secretColumns.length > 0 && secretColumns.length < cells.length
    ? { cells, secretColumns }
    : undefined
}

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
function listAlignedSecrets(line: string, head: AlignedHead): Cell[] {
  const cells = splitAlignedCells(line)
  return head.secretColumns.flatMap((index) => {
    const column = head.cells[index]?.start ?? 0
    const cell = cells.length === head.cells.length ? cells[index] : cells.find(({ start }) => start === column)
    const value = cell ? line.slice(cell.start, cell.end) : ''
    const isSecret =
      value.length >= MIN_ALIGNED_CHARACTERS && !/\s/.test(value) && isUnlikeWord(value) && /\p{L}/u.test(value)
    return cell && isSecret && !isTechnical(value) && !isSecretName(value) ? [cell] : []
  })
}

const INSERT = /\bINSERT\s+INTO\s+[\w."`[\]]{1,100}\s{0,3}\((?<columns>[^()]{1,1000})\)\s{0,3}VALUES\s{0,3}/gi
/** Matches a row of an INSERT with the comma after it: `('admin', 'x'), `. */
const ROW = /\((?<row>(?:[^()']|'(?:[^'\\\n]|\\.|'')*'){1,4000})\)\s{0,3},?\s{0,3}/y

/** Finds the values of a column that names a secret, in each row of an INSERT. */
function findInserted(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  for (const match of text.matchAll(INSERT)) {
    const columns = (match.groups?.columns ?? '').split(',')
    const secretColumns = columns.flatMap((column, index) =>
      isSecretName(column.replace(/[`"[\]]/g, '')) ? [index] : [],
    )
    if (secretColumns.length === 0) continue
    ROW.lastIndex = match.index + match[0].length
    for (let rowMatch = ROW.exec(text); rowMatch; rowMatch = ROW.exec(text)) {
      const row = rowMatch.groups?.row ?? ''
      secrets.push(...moveCells(listSecretCells(row, splitSqlCells(row), secretColumns), rowMatch.index + 1))
    }
  }
  return secrets
}

const splitSqlCells = (row: string): Cell[] =>
  Array.from(row.matchAll(/(?:^|,)((?:[^,']|'(?:[^'\\]|\\.|'')*')*)/g), (match) =>
    trimCell(row, match.index + match[0].length - (match[1] ?? '').length, match.index + match[0].length),
  )

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
