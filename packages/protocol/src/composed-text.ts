/** The server ends a composed text that was too long with this line. */
export const COMPOSED_CUT_NOTE = '[… cut here: too long to show / 此处截断：内容过长 …]'

export interface AgentField {
  name: string
  value: unknown
}

/** Describes how the server writes a field into a composed text. Lines after the first are indented by two spaces. */
interface Style {
  toLabel(name: string): string
  writeHead(label: string): string
  /** Splits the head of a field into its possible labels and the text behind each. */
  readHead(line: string): { label: string; rest: string }[]
  /** Returns how a value without entries, or null, is written. */
  empty(value: unknown): string
}

/** This version writes a field as `a_b: x`. */
const LINE_STYLE: Style = {
  toLabel: (name) => name.replace(/[\r\n]/g, ' '),
  writeHead: (label) => `${label}:`,
  readHead: (line) => readLabels(line, 0, ':'),
  empty: (value) => (Array.isArray(value) ? '[]' : value === null ? 'null' : '{}'),
}
/** Older versions wrote a field as `- **a b:** x`. */
const LIST_STYLE: Style = {
  toLabel: (name) => name.replaceAll('_', ' '),
  writeHead: (label) => `- **${label}:**`,
  readHead: (line) => (line.startsWith('- **') ? readLabels(line, '- **'.length, ':**') : []),
  empty: () => '–',
}
const MAX_LABELS = 20
const INDENT = '  '
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/** Fields whose labels are equal are compared one by one; so many comparisons per line keep the time linear. */
const MAX_COMPARISONS_PER_LINE = 4

function readLabels(line: string, start: number, separator: string): { label: string; rest: string }[] {
  const found: { label: string; rest: string }[] = []
  for (
    let at = line.indexOf(separator, start);
    at >= 0 && found.length < MAX_LABELS;
    at = line.indexOf(separator, at + 1)
  ) {
    const rest = line.slice(at + separator.length)
    if (rest === '' || rest.startsWith(' ')) found.push({ label: line.slice(start, at), rest: rest.slice(1) })
  }
  return found
}

/**
 * Returns the fields in the order of the text, if the text is composed of them and says nothing else. The names of an
 * object may stand in another order, because MySQL sorts them.
 */
export function findComposed(text: string, fields: Record<string, unknown>): AgentField[] | undefined {
  if (text === '' || Object.keys(fields).length === 0) return undefined
  for (const posted of [fields, withInnerContent(fields)]) {
    if (!posted) continue
    for (const style of [LINE_STYLE, LIST_STYLE]) {
      const reading = createReading(text, style)
      const found = matchFields(reading, { start: 0, end: reading.lines.length, indent: 0 }, posted)
      if (found) return found
    }
  }
  return undefined
}

/**
 * Restores the name of a posted `content` that was no text; it is stored as the last of `original_content`, `…_2`,
 * `…_3`.
 */
function withInnerContent(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  let kept: string | undefined
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'original_content' : `original_content_${number}`
    if (!Object.hasOwn(fields, name)) break
    kept = name
  }
  if (kept === undefined) return undefined
  const { [kept]: content, ...others } = fields
  return { ...others, content }
}

interface Reading {
  lines: string[]
  style: Style
  /** True where the text ends before its fields do: what the last line says is the beginning of something. */
  isCut: boolean
  comparisonsLeft: number
}

/** Selects the lines of one value, without their first `indent` blanks. */
interface Range {
  start: number
  end: number
  indent: number
}

function createReading(text: string, style: Style): Reading {
  const note = [`\n\n${COMPOSED_CUT_NOTE}`, `\n\n*${COMPOSED_CUT_NOTE}*`].find((one) => text.endsWith(one))
  const lines = (note === undefined ? text : text.slice(0, -note.length)).split('\n')
  if (note !== undefined && lines.at(-1)?.trim() === '') lines.pop() // The cut fell into an indent.
  const comparisonsLeft = MAX_COMPARISONS_PER_LINE * (lines.length + 1)
  return { lines, style, isCut: note !== undefined, comparisonsLeft }
}

const mayEndEarly = ({ isCut, lines }: Reading, { end }: Range): boolean => isCut && end === lines.length

function matchFields(reading: Reading, range: Range, fields: object): AgentField[] | undefined {
  const { style } = reading
  const values = new Map<string, unknown>(Object.entries(fields))
  const byLabel = Map.groupBy(values.keys(), style.toLabel)
  const found: AgentField[] = []
  for (const { head, below } of splitChunks(reading, range)) {
    const field = style.readHead(head).find(({ label }) => byLabel.has(label))
    const names = field && byLabel.get(field.label)
    const name = names?.find((one) => isWrittenAs(reading, values.get(one), field?.rest ?? '', below))
    if (!names || name === undefined) {
      const isCutHead = mayEndEarly(reading, below) && below.start === below.end
      if (isCutHead && byLabel.keys().some((label) => style.writeHead(label).startsWith(head))) break
      return undefined
    }
    found.push({ name, value: values.get(name) })
    names.splice(names.indexOf(name), 1)
    if (names.length === 0) byLabel.delete(style.toLabel(name))
  }
  const left = [...byLabel.values()].flat().map((name) => ({ name, value: values.get(name) }))
  return left.length > 0 && !mayEndEarly(reading, range) ? undefined : [...found, ...left]
}

function matchList(reading: Reading, range: Range, items: unknown[]): boolean {
  const chunks = splitChunks(reading, range)
  if (chunks.length > items.length || (chunks.length < items.length && !mayEndEarly(reading, range))) return false
  return chunks.every(
    ({ head, below }, index) =>
      (head === '-' || head.startsWith('- ')) && isWrittenAs(reading, items[index], head.slice(2), below),
  )
}

/** A chunk is a line and the indented ones below it. */
function splitChunks({ lines }: Reading, { start, end, indent }: Range): { head: string; below: Range }[] {
  const chunks: { head: string; below: Range }[] = []
  for (let at = start; at < end; at += 1) {
    const line = lines[at] ?? ''
    const last = chunks.at(-1)
    if (last && line.startsWith(INDENT, indent)) last.below.end = at + 1
    else
      chunks.push({ head: line.slice(indent), below: { start: at + 1, end: at + 1, indent: indent + INDENT.length } })
  }
  return chunks
}

/** Compares a value with what stands behind its label and below. A number may be written otherwise than JavaScript does. */
function isWrittenAs(reading: Reading, value: unknown, rest: string, below: Range): boolean {
  reading.comparisonsLeft -= 1
  if (reading.comparisonsLeft < 0) return false
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    if (rest !== '') return false
    return Array.isArray(value) ? matchList(reading, below, value) : matchFields(reading, below, value) !== undefined
  }
  const inner = reading.lines.slice(below.start, below.end).map((line) => line.slice(below.indent))
  const written = [rest, ...inner].join('\n')
  if (typeof value === 'number' && NUMBER.test(written) && Number(written) === value) return true
  const expected = typeof value === 'object' ? reading.style.empty(value) : String(value)
  return written === expected || (mayEndEarly(reading, below) && expected.startsWith(written))
}
