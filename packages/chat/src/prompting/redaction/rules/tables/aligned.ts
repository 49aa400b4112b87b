import { isTechnical, isUnlikeWord } from '../../checks.ts'
import { isSecretName, NAME_KEYWORDS } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { type Cell, type Head, listLines, mayBeHead, moveCell, RULING_LINE, toHead, trimCell } from './cells.ts'

/** Matches the blanks between two columns. A single space may be within a cell, a tab may not. */
const GAP = / {2,}|\t+/g
const MIN_SECRET_CHARACTERS = 4

/**
 * Finds the values below a head that names a secret, if blanks align the columns, as on a console. A table ends at the
 * first empty line.
 */
function findAligned(text: string): SecretMatch[] {
  const secrets: SecretMatch[] = []
  let head: AlignedHead | undefined
  for (const { line, start } of listLines(text)) {
    if (line.trim() === '') head = undefined
    else if (head && !RULING_LINE.test(line))
      for (const cell of listAlignedSecrets(line, head)) secrets.push(moveCell(cell, start))
    head ??= findAlignedHead(line)
  }
  return secrets
}

interface AlignedHead extends Head {
  /** Holds the positions in the head's line at which the columns of secrets begin. */
  secretStarts: ReadonlySet<number>
}

/** Returns the line as a head, or undefined if it is none. A line with one of `,;|:=` is no head of aligned columns. */
export function findAlignedHead(line: string): AlignedHead | undefined {
  if (/[,;|:=]/.test(line) || !/ {2}|\t/.test(line) || !mayBeHead(line)) return undefined
  const head = toHead(line, splitAlignedCells(line))
  if (!head) return undefined
  const secretCells = head.cells.filter((_, index) => head.secretColumns.has(index))
  return { ...head, secretStarts: new Set(secretCells.map(({ start }) => start)) }
}

function splitAlignedCells(line: string): Cell[] {
  const cells: Cell[] = []
  let cellStart = 0
  // The end of the line counts as a last gap.
  for (const { 0: gap, index } of [...line.matchAll(GAP), { 0: '', index: line.length }]) {
    if (index > cellStart) cells.push(trimCell(line, cellStart, index))
    cellStart = index + gap.length
  }
  return cells.filter(({ start, end }) => end > start)
}

/**
 * Lists the cells of a row that hold a secret. If the row has as many cells as the head, a cell belongs to the column
 * with the same index. Otherwise it belongs to the column that begins at the same position.
 */
function listAlignedSecrets(line: string, { cells: headCells, secretColumns, secretStarts }: AlignedHead): Cell[] {
  const cells = splitAlignedCells(line)
  const isComplete = cells.length === headCells.length
  return cells.filter(({ start, end }, index) => {
    if (!(isComplete ? secretColumns.has(index) : secretStarts.has(start))) return false
    const value = line.slice(start, end)
    if (value.length < MIN_SECRET_CHARACTERS || /\s/.test(value) || !/\p{L}/u.test(value)) return false
    return isUnlikeWord(value) && !isTechnical(value) && !isSecretName(value)
  })
}

export const ALIGNED_RULE: SecretRule = {
  id: 'aligned',
  kind: 'PASSWORD',
  keywords: NAME_KEYWORDS,
  find: findAligned,
  hiddenSamples: [
    'User        Password\n----        --------\nadmin       «Tr0ub4dor&3»\nm.chen      «Zomer2026!»\n\nend',
    'Host   User   Password      Note\nweb-1  root   «Tr0ub4dor&3»   old\nweb-2         «Zomer2026!»',
  ],
  keptSamples: [
    'User   Password\nadmin  required',
    'NAME   TYPE   TOKEN\nweb-1  a   2026-11-22',
    'Password   Last set\n\nx  Tr0ub4dor',
  ],
}
