import type { Message, MessageContent } from './rooms.ts'

export interface AgentField {
  name: string
  value: unknown
}

/** Describes what a message shows: a text, as data or as Markdown, and an agent's fields beside it or instead of it. */
export interface MessageBody {
  /** Undefined means that `content` was only composed of the fields. */
  text: string | undefined
  isMarkdown: boolean
  fields: AgentField[]
}

/** The server ends a composed text that was too long with this line. */
export const COMPOSED_CUT_NOTE = '[… cut here: too long to show / 此处截断：内容过长 …]'

/** An answer is Markdown, and so is an agent's message whose `format` says so. Every other message is data. */
export function readMessageBody({ message_category, sender_type, message_content }: WrittenMessage): MessageBody {
  if (message_category === 'agent') return readAgentContent(message_content)
  return { text: message_content.content, isMarkdown: sender_type === 'ai', fields: [] }
}

export type WrittenMessage = Pick<Message, 'message_category' | 'sender_type' | 'message_content'>

/** Reads what an agent posted: a text, a text with fields, or fields from which the server composed `content`. */
function readAgentContent(content: MessageContent): MessageBody {
  const { content: text } = content
  const { content: _text, format, ...rest }: Record<string, unknown> = content
  const isMarkdown = format === 'markdown'
  const agentFields = format === undefined || isMarkdown ? rest : { ...rest, format }
  const composed = findComposed(text, isMarkdown ? { ...agentFields, format } : agentFields)
  if (composed) return { text: undefined, isMarkdown: false, fields: composed }
  return { text, isMarkdown, fields: Object.entries(agentFields).map(([name, value]) => ({ name, value })) }
}

/** Describes how the server writes a field into a composed text. Lines after the first are indented by two spaces. */
interface Style {
  toLabel(name: string): string
  /** Splits the head of a field into its possible labels and the text behind each. */
  readHead(line: string): { label: string; rest: string }[]
  /** Returns true if a value without entries, or null, is written like this. */
  isEmpty(written: string): boolean
}

/** This version writes a field as `a_b: x`. */
const LINE_STYLE: Style = {
  toLabel: (name) => name.replace(/[\r\n]/g, ' '),
  readHead: (line) => readLabels(line, 0, ':'),
  isEmpty: (written) => ['null', '{}', '[]'].includes(written),
}
/** Older versions wrote a field as `- **a b:** x`. */
const LIST_STYLE: Style = {
  toLabel: (name) => name.replaceAll('_', ' '),
  readHead: (line) => (line.startsWith('- **') ? readLabels(line, '- **'.length, ':**') : []),
  isEmpty: (written) => written === '–',
}
const MAX_LABELS = 20
const INDENT = '  '

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

/** Returns the fields in the order of the text, if the text is composed of them and of nothing else. */
function findComposed(text: string, fields: Record<string, unknown>): AgentField[] | undefined {
  if (text === '' || Object.keys(fields).length === 0) return undefined
  const isCut = text.endsWith(COMPOSED_CUT_NOTE) || text.endsWith(`*${COMPOSED_CUT_NOTE}*`)
  for (const posted of [fields, withInnerContent(fields)]) {
    const found = posted && (matchStyle(text, posted, LINE_STYLE, isCut) ?? matchStyle(text, posted, LIST_STYLE, isCut))
    if (found) return found
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

function matchStyle(
  text: string,
  fields: Record<string, unknown>,
  style: Style,
  isCut: boolean,
): AgentField[] | undefined {
  const byLabel = Map.groupBy(Object.keys(fields), style.toLabel)
  const found: AgentField[] = []
  for (const chunk of splitChunks(text)) {
    if (isCut && found.length > 0 && chunk.head === '') break
    const head = style.readHead(chunk.head).find(({ label }) => byLabel.has(label))
    const names = head && byLabel.get(head.label)
    const written = [head?.rest, ...chunk.below].join('\n')
    const name = names?.find((one) => isCut || isWrittenAs(fields[one], written, style))
    if (!head || !names || name === undefined) return undefined
    found.push({ name, value: fields[name] })
    names.splice(names.indexOf(name), 1)
    if (names.length === 0) byLabel.delete(head.label)
  }
  const left = [...byLabel.values()].flat().map((name) => ({ name, value: fields[name] }))
  return left.length > 0 && !isCut ? undefined : [...found, ...left]
}

/** A chunk is a line and the indented ones below it. */
function splitChunks(text: string): { head: string; below: string[] }[] {
  const chunks: { head: string; below: string[] }[] = []
  for (const line of text.split('\n')) {
    const last = chunks.at(-1)
    if (last && line.startsWith(INDENT)) last.below.push(line.slice(INDENT.length))
    else chunks.push({ head: line, below: [] })
  }
  return chunks
}

/**
 * Compares a value with its written form. A number may be written differently than JavaScript writes it; a nested value
 * is compared by its shape only.
 */
function isWrittenAs(value: unknown, written: string, style: Style): boolean {
  if (typeof value === 'string') return value === written
  if (typeof value === 'number') return written.trim() !== '' && Number(written) === value
  if (typeof value === 'boolean') return String(value) === written
  if (value === null || Object.keys(value ?? {}).length === 0) return style.isEmpty(written)
  return written.startsWith('\n')
}
