import { isSecretName } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { type Cell, listSecretCells, trimCell } from './cells.ts'

const INSERT = /\bINSERT\s+INTO\s+[\w."`[\]]{1,100}\s*\((?<columns>[^()]+)\)\s*VALUES/gi
/**
 * Matches what is before a row's first cell: blanks, commas, comments, the word `ROW` and the opening bracket. The
 * comments have limits, so that the time is linear.
 */
const ROW_BEGIN = /[\s,]*(?:(?:(?:--|#)[^\n]{0,300}\n|\/\*(?:[^*]|\*(?!\/)){0,300}\*\/)[\s,]*){0,8}(?:ROW\s{0,9})?\(/iy

/** Finds the secrets in each row of an INSERT: the values of the columns whose names are names of secrets. */
function findInserted(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  const inserts = [...text.matchAll(INSERT)]
  /** Holds the greatest position at which a row has ended so far. */
  let greatestRowEnd = 0
  for (const [index, insert] of inserts.entries()) {
    const columns = (insert.groups?.columns ?? '').split(',')
    const secretColumns = new Set(
      columns.flatMap((column, columnIndex) => (isSecretName(column.replace(/[`"[\]]/g, '')) ? [columnIndex] : [])),
    )
    if (secretColumns.size === 0) continue
    // An earlier row can contain this INSERT, for example if that row has no closing bracket. Then this text is read a
    // second time, but only up to the next INSERT, so the time is linear.
    const isReadAgain = insert.index < greatestRowEnd
    const maxRowEnd = isReadAgain ? (inserts[index + 1]?.index ?? text.length) : text.length
    ROW_BEGIN.lastIndex = insert.index + insert[0].length
    while (ROW_BEGIN.test(text)) {
      const { cells, end } = splitSqlRow(text, ROW_BEGIN.lastIndex, maxRowEnd)
      for (const cell of listSecretCells(text, cells, secretColumns)) secrets.push(cell)
      greatestRowEnd = Math.max(greatestRowEnd, end)
      ROW_BEGIN.lastIndex = end
    }
  }
  return secrets
}

/**
 * Splits a row into cells. The row's text begins at `from`, after the opening bracket. A row without a closing bracket
 * ends at `maxRowEnd`.
 */
function splitSqlRow(text: string, from: number, maxRowEnd: number): { cells: Cell[]; end: number } {
  const cells: Cell[] = []
  let cellStart = from
  let depth = 0
  let quote: string | undefined
  for (let index = from; index < maxRowEnd; index++) {
    const character = text[index]
    if (quote !== undefined) {
      if (character === '\\') index++
      else if (character === quote) quote = undefined // A quote directly after it begins a string again.
    } else if (character === "'" || character === '"') quote = character
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0 && (character === ',' || character === ')')) {
      cells.push(trimCell(text, cellStart, index))
      cellStart = index + 1
      if (character === ')') return { cells, end: cellStart }
    }
  }
  // The row has no closing bracket. Its last cell ends with the line that has the cell's first visible character.
  const lastCell = /^\s*[^\n]*/.exec(text.slice(cellStart, maxRowEnd))?.[0] ?? ''
  cells.push(trimCell(text, cellStart, cellStart + lastCell.length))
  return { cells, end: maxRowEnd }
}

export const INSERT_RULE: SecretRule = {
  id: 'inserted',
  kind: 'PASSWORD',
  keywords: ['insert'],
  find: findInserted,
  hiddenSamples: [
    `INSERT INTO users (name, password) VALUES ('admin', '«Tr0ub4dor&3»')`,
    `INSERT INTO users (name, password) VALUES ROW('admin', '«Tr0ub4dor&3»'), ROW('anna', '«Zomer2026!»')`,
    `INSERT INTO users (name, password) VALUES -- all\n('admin', '«Tr0ub4dor&3»'), /* old */\n# next\n('b', '«Zomer2026!»')`,
  ],
  keptSamples: [`INSERT INTO users (name, mail) VALUES ('admin', 'x')`],
}
