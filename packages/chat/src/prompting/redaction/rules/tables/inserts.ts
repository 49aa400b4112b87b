import { isSecretName } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { type Cell, listSecretCells, trimCell } from './cells.ts'

const INSERT = /\bINSERT\s+INTO\s+[\w."`[\]]{1,100}\s*\((?<columns>[^()]+)\)\s*VALUES/gi
/** Matches the text before a row, such as comments, and the row's opening bracket. The limits make the time linear. */
const ROW_BEGIN = /[\s,]*(?:(?:(?:--|#)[^\n]{0,300}\n|\/\*(?:[^*]|\*(?!\/)){0,300}\*\/)[\s,]*){0,8}(?:ROW\s{0,9})?\(/iy

/** Finds the values of a column that names a secret, in each row of an INSERT. */
function findInserted(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  const inserts = [...text.matchAll(INSERT)]
  let readTo = 0
  for (const [index, insert] of inserts.entries()) {
    const columns = (insert.groups?.columns ?? '').split(',')
    const secretColumns = new Set(
      columns.flatMap((column, columnIndex) => (isSecretName(column.replace(/[`"[\]]/g, '')) ? [columnIndex] : [])),
    )
    if (secretColumns.size === 0) continue
    // Text that was read as part of an earlier row is read again only up to the next INSERT, so the time is linear.
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

/** Splits a row, from after its opening bracket, into cells. A row without a closing bracket ends at the limit. */
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
  // The text ends within a row, so the row's last cell ends with its line.
  const lastLine = /^\s*[^\n]*/.exec(text.slice(cellStart, limit))?.[0] ?? ''
  cells.push(trimCell(text, cellStart, cellStart + lastLine.length))
  return { cells, end: limit }
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
