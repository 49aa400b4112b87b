import { isTechnical, isUnlikeWord } from '../../checks.ts'
import { isSecretName, NAME_KEYWORDS } from '../names.ts'
import type { SecretMatch, SecretRule } from '../rule.ts'
import { type Cell, type Head, listLines, mayBeHead, moveCell, RULING_LINE, toHead, trimCell } from './cells.ts'

/** Matches the blanks between two columns. A single blank may be within a cell. */
const GAP = / {2,}|\t+/g
const MIN_SECRET_CHARACTERS = 4

/** Finds the values below a head that names a secret, if blanks align the columns, as on a console. */
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
  /** Holds the positions in the line at which the columns of secrets begin. */
  secretStarts: ReadonlySet<number>
}

export function findAlignedHead(line: string): AlignedHead | undefined {
  if (/[,;|:=]/.test(line) || !/ {2}|\t/.test(line) || !mayBeHead(line)) return undefined
  const head = toHead(line, splitAlignedCells(line))
  if (!head) return undefined
  const secretCells = head.cells.filter((_, index) => head.secretColumns.has(index))
  return { ...head, secretStarts: new Set(secretCells.map(({ start }) => start)) }
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
function listAlignedSecrets(line: string, { cells: columns, secretColumns, secretStarts }: AlignedHead): Cell[] {
  const cells = splitAlignedCells(line)
  const isComplete = cells.length === columns.length
  return cells.filter(({ start, end }, index) => {
    if (!(isComplete ? secretColumns.has(index) : secretStarts.has(start))) return false
    const value = line.slice(start, end)
    const isSecret =
      value.length >= MIN_SECRET_CHARACTERS && !/\s/.test(value) && isUnlikeWord(value) && /\p{L}/u.test(value)
    return isSecret && !isTechnical(value) && !isSecretName(value)
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
