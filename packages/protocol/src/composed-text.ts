/**
 * If an agent posts fields without a text, the server composes a text from them. A composed text that was too long ends
 * with this line.
 */
export const COMPOSED_CUT_NOTE = '[… cut here: too long to show / 此处截断：内容过长 …]'

export interface AgentField {
  name: string
  value: unknown
}

/**
 * Describes how the server writes a field into a composed text. The first line is the `head`, such as `host: web-3`.
 * Lines after it are indented by two spaces.
 */
interface Style {
  toLabel(name: string): string
  /** Writes the beginning of a head: the label and its separator. */
  writeLabel(label: string): string
  /** Lists the ways to split a head into a label and the text after it, because a label may contain a colon. */
  readHead(line: string): HeadSplit[]
  /** Writes null or a value without entries. */
  writeEmpty(value: unknown): string
}

interface HeadSplit {
  label: string
  textAfter: string
}

/** This version writes a field as `a_b: x`. */
const LINE_STYLE: Style = {
  toLabel: (name) => name.replace(/[\r\n]/g, ' '),
  writeLabel: (label) => `${label}:`,
  readHead: (line) => listSplits(line, 0, ':'),
  writeEmpty: (value) => {
    if (value === null) return 'null'
    return Array.isArray(value) ? '[]' : '{}'
  },
}
/** Older versions wrote a field as `- **a b:** x`. */
const LIST_STYLE: Style = {
  toLabel: (name) => name.replaceAll('_', ' '),
  writeLabel: (label) => `- **${label}:**`,
  readHead: (line) => (line.startsWith('- **') ? listSplits(line, '- **'.length, ':**') : []),
  writeEmpty: () => '–',
}
const MAX_SPLITS = 20
const INDENT = '  '
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
/**
 * Fields with equal labels are compared one by one. The limit counts the text that is compared, so that the time stays
 * linear. A text without equal labels needs at most half of it.
 */
const MAX_COMPARED_PER_CHARACTER = 8

function listSplits(line: string, start: number, separator: string): HeadSplit[] {
  const splits: HeadSplit[] = []
  for (
    let index = line.indexOf(separator, start);
    index >= 0 && splits.length < MAX_SPLITS;
    index = line.indexOf(separator, index + 1)
  ) {
    const textAfter = line.slice(index + separator.length)
    if (textAfter === '' || textAfter.startsWith(' '))
      splits.push({ label: line.slice(start, index), textAfter: textAfter.slice(1) })
  }
  return splits
}

/**
 * Returns the fields in the order of the text, if the text is composed of exactly these fields. The object may have
 * them in another order, because MySQL sorts the names.
 */
export function findComposedFields(text: string, fields: Record<string, unknown>): AgentField[] | undefined {
  if (text === '' || Object.keys(fields).length === 0) return undefined
  for (const posted of [fields, restorePostedContent(fields)]) {
    if (!posted) continue
    for (const style of [LINE_STYLE, LIST_STYLE]) {
      const composed = splitComposedText(text, style)
      const written = matchFields(composed, { start: 0, end: composed.lines.length, indent: 0 }, posted)
      if (written) return [...written, ...labelFields(composed, posted).fields.filter((field) => !written.has(field))]
    }
  }
  return undefined
}

/**
 * Returns the fields under the names with which the agent posted them, or undefined if none was renamed. The server
 * renames a posted `content` that is not a text: to `original_content`, or to `original_content_2` if that exists, etc.
 */
function restorePostedContent(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  let lastName: string | undefined
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? 'original_content' : `original_content_${number}`
    if (!Object.hasOwn(fields, name)) break
    lastName = name
  }
  if (lastName === undefined) return undefined
  const { [lastName]: content, ...others } = fields
  return { ...others, content }
}

interface ComposedText {
  lines: string[]
  style: Style
  /** Says whether the server cut the text. The last line may then be incomplete, and fields may be missing. */
  isCut: boolean
  /** Says how many characters may still be compared. Once it is negative, nothing matches. */
  charactersLeft: number
  /** Keeps the fields of each object, because an object may be compared with several parts of the text. */
  labeledFields: Map<object, LabeledFields>
}

interface LabeledFields {
  fields: AgentField[]
  byLabel: Map<string, AgentField[]>
}

/** Selects the lines of one value. Their first `indent` blanks do not belong to the value. */
interface LineRange {
  start: number
  end: number
  indent: number
}

/** Describes where a value is written: after a label, and in the lines below it. */
interface WrittenValue {
  textAfter: string
  below: LineRange
  /** Holds all of its text without indents, once a value without inner fields was compared with it. */
  text?: string
}

function splitComposedText(text: string, style: Style): ComposedText {
  const note = [`\n\n${COMPOSED_CUT_NOTE}`, `\n\n*${COMPOSED_CUT_NOTE}*`].find((line) => text.endsWith(line))
  const lines = (note === undefined ? text : text.slice(0, -note.length)).split('\n')
  if (note !== undefined && lines.at(-1)?.trim() === '') lines.pop() // The text was cut within an indent.
  const charactersLeft = MAX_COMPARED_PER_CHARACTER * text.length
  return { lines, style, isCut: note !== undefined, charactersLeft, labeledFields: new Map() }
}

const mayEndEarly = ({ isCut, lines }: ComposedText, { end }: LineRange): boolean => isCut && end === lines.length

/** Returns the fields that the range contains, in its order. Fields may be missing only if the text was cut there. */
function matchFields(composed: ComposedText, range: LineRange, object: object): Set<AgentField> | undefined {
  const { style } = composed
  const { fields, byLabel } = labelFields(composed, object)
  const matched = new Set<AgentField>()
  const listCandidates = (label: string): AgentField[] => {
    const namesakes = byLabel.get(label) ?? []
    composed.charactersLeft -= namesakes.length
    return namesakes.filter((field) => !matched.has(field))
  }
  for (const { head, below } of splitChunks(composed, range)) {
    composed.charactersLeft -= head.length
    const field = findField(composed, style.readHead(head), below, listCandidates)
    if (!field) {
      const isCutHead = mayEndEarly(composed, below) && below.start === below.end
      const isLabelOf = ({ name }: AgentField) => style.writeLabel(style.toLabel(name)).startsWith(head)
      if (isCutHead && fields.some((candidate) => !matched.has(candidate) && isLabelOf(candidate))) break
      return undefined
    }
    matched.add(field)
  }
  return matched.size < fields.length && !mayEndEarly(composed, range) ? undefined : matched
}

/** Finds the field that a chunk contains, among the fields of the first label that has any. */
function findField(
  composed: ComposedText,
  splits: HeadSplit[],
  below: LineRange,
  listCandidates: (label: string) => AgentField[],
): AgentField | undefined {
  for (const { label, textAfter } of splits) {
    const candidates = listCandidates(label)
    const written: WrittenValue = { textAfter, below }
    if (candidates.length > 0) return candidates.find(({ value }) => isWrittenAs(composed, value, written))
  }
  return undefined
}

function labelFields({ labeledFields, style }: ComposedText, object: object): LabeledFields {
  const known = labeledFields.get(object)
  if (known) return known
  const fields = Object.entries(object).map(([name, value]: [string, unknown]) => ({ name, value }))
  const labeled = { fields, byLabel: Map.groupBy(fields, ({ name }) => style.toLabel(name)) }
  labeledFields.set(object, labeled)
  return labeled
}

function matchArray(composed: ComposedText, range: LineRange, items: unknown[]): boolean {
  const chunks = splitChunks(composed, range)
  if (chunks.length > items.length || (chunks.length < items.length && !mayEndEarly(composed, range))) return false
  return chunks.every(
    ({ head, below }, index) =>
      (head === '-' || head.startsWith('- ')) &&
      isWrittenAs(composed, items[index], { textAfter: head.slice(2), below }),
  )
}

/** Splits a range into chunks: each is a line (`head`) and the indented lines below it. */
function splitChunks({ lines }: ComposedText, { start, end, indent }: LineRange): { head: string; below: LineRange }[] {
  const chunks: { head: string; below: LineRange }[] = []
  for (let index = start; index < end; index += 1) {
    const line = lines[index] ?? ''
    const lastChunk = chunks.at(-1)
    if (lastChunk && line.startsWith(INDENT, indent)) lastChunk.below.end = index + 1
    else
      chunks.push({
        head: line.slice(indent),
        below: { start: index + 1, end: index + 1, indent: indent + INDENT.length },
      })
  }
  return chunks
}

/**
 * Returns true if the text after a label and the lines below it represent the value. A number may have another form
 * than JavaScript gives it, such as `1.0`.
 */
function isWrittenAs(composed: ComposedText, value: unknown, written: WrittenValue): boolean {
  const { textAfter, below } = written
  if (typeof value === 'object' && value !== null && !isEmpty(composed, value)) {
    if (textAfter !== '') return false
    composed.charactersLeft -= below.end - below.start
    if (composed.charactersLeft < 0) return false
    return Array.isArray(value) ? matchArray(composed, below, value) : matchFields(composed, below, value) !== undefined
  }
  if (composed.charactersLeft < 0) return false
  written.text ??= joinLines(composed, written)
  const { text } = written
  composed.charactersLeft -= text.length
  if (typeof value === 'number' && NUMBER.test(text) && Number(text) === value) return true
  const expected = typeof value === 'object' ? composed.style.writeEmpty(value) : String(value)
  return text === expected || (mayEndEarly(composed, below) && expected.startsWith(text))
}

const isEmpty = (composed: ComposedText, value: object): boolean =>
  (Array.isArray(value) ? value : labelFields(composed, value).fields).length === 0

function joinLines({ lines }: ComposedText, { textAfter, below }: WrittenValue): string {
  const linesBelow = lines.slice(below.start, below.end).map((line) => line.slice(below.indent))
  return [textAfter, ...linesBelow].join('\n')
}
