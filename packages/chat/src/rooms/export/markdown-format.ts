import { toVisibleText } from '@engineer-chat/markdown'
import {
  findQuotedSenderType,
  type Message,
  type NamedFieldChange,
  readEventChange,
  readMessageBody,
  readQuote,
  type Tlp,
} from '@engineer-chat/protocol'
import { isStricterTlp } from '../../prompting/index.ts'
import { composeText } from '../agent-content.ts'
import { escapeToOneLine, quoteMarkdown, quotePlainText } from './escape-markdown.ts'
import type { DocumentList, ExportFormat, ExportHeader } from './export-chunks.ts'
import type { LabelledMessage } from './export-labels.ts'
import { EXPORT_TEXTS, type ExportLanguage, type ExportTexts } from './export-texts.ts'
import {
  type WriteName,
  writeDocumentList,
  writeDocumentSection,
  writeLeftOutSection,
  writeTlp,
} from './markdown-documents.ts'

/** The list of pins shows at most this many characters of a pinned message. */
const EXCERPT_CHARACTERS = 160

type GetName = (user_id: string) => string

/**
 * Creates the format for people: the event with its summary, the pins, the list of documents, then each message with
 * its author and time, and at the end the texts of the documents.
 */
export function createMarkdownFormat(language: ExportLanguage, getName: GetName): ExportFormat {
  const texts = EXPORT_TEXTS[language]
  const writeName: WriteName = (user_id) => escapeToOneLine(user_id === null ? '—' : getName(user_id))
  let lastDay = ''
  let eventTlp: Tlp = 'clear'
  let hasDocuments = false
  const writeDayHeading = ({ created_at }: Message): string => {
    const day = created_at.slice(0, 10)
    const dayHeading = day === lastDay ? '' : `### ${day}\n\n`
    lastDay = day
    return dayHeading
  }
  return {
    writeHeader(header, documentList) {
      eventTlp = header.event.tlp
      hasDocuments = documentList !== null && documentList.length > 0
      return writeHeader(texts, writeName, header, documentList)
    },
    writeMessage: ({ sha256, ...exported }) =>
      `${writeDayHeading(exported.message)}${writeMessageSection(texts, writeName, exported, eventTlp)}\`sha256 ${sha256}\`\n\n`,
    writeLeftOutMessage: (message) =>
      `${writeDayHeading(message)}${writeMessageTitle(texts, writeName, message)}${texts.messageLeftOut} · \`${message.message_id}\`\n\n`,
    openDocuments: () => (hasDocuments ? `## ${texts.documentTexts}\n\n` : ''),
    writeDocument: (exported) => writeDocumentSection(texts, writeName, exported),
    writeLeftOut: (listed) => writeLeftOutSection(texts, listed),
    writeTail: () => '---\n\n',
    writeHashLine: (hash) => `${texts.hashLine}: ${hash}\n`,
  }
}

function writeHeader(
  texts: ExportTexts,
  writeName: WriteName,
  header: ExportHeader,
  documentList: DocumentList,
): string {
  const { event, tlp, summary, pins, exported_at, exported_by, seq, with_private } = header
  return [
    `# ${escapeToOneLine(event.event_name)}\n`,
    `${writeTlp(tlp)}\n`,
    `${texts.exported(exported_at, writeName(exported_by), seq)} ${with_private ? texts.privateChatsNote : texts.noPrivateChatsNote}`,
    `${texts.timesAndNumbers}\n`,
    `## ${texts.about}\n`,
    `- ${texts.event}: \`${event.event_id}\``,
    `- ${texts.severityLabel}: ${texts.severityNames[event.severity]}`,
    `- ${texts.statusLabel}: ${texts.statusNames[event.event_status]}`,
    `- ${texts.eventSource}: ${escapeToOneLine(event.source)}`,
    `- ${texts.opened}: ${event.created_at}\n`,
    `### ${texts.reportHeading}\n`,
    `${quotePlainText(event.message)}\n`,
    ...(event.context === '' ? [] : [`### ${texts.context}\n`, `${quotePlainText(event.context)}\n`]),
    ...(summary
      ? [`## ${texts.summary(summary.round_id, summary.updated_at)}\n`, `${quoteMarkdown(summary.event_summary)}\n`]
      : []),
    ...(summary?.event_suggestion ? [`### ${texts.suggestion}\n`, `${quoteMarkdown(summary.event_suggestion)}\n`] : []),
    `## ${texts.pinsHeading}\n`,
    pins.length === 0 ? `${texts.noPins}\n` : pins.map((message) => writePin(texts, writeName, message)).join(''),
    ...(documentList ? [`## ${texts.documents}\n`, writeDocumentList(texts, writeName, documentList)] : []),
    `## ${texts.messages}\n`,
  ].join('\n')
}

function writePin(texts: ExportTexts, writeName: WriteName, message: Message): string {
  const excerpt = cutToExcerpt(writeChanges(texts, message) ?? toPlainText(message))
  const { user_id = null, at = '' } = message.pinned ?? {}
  const author = writeAuthor(texts, writeName, message)
  return `- ${message.created_at} · **${author}** · #${message.position} (${texts.pinned(writeName(user_id), at)}): ${escapeToOneLine(excerpt)}\n`
}

function cutToExcerpt(text: string): string {
  if (text.length <= EXCERPT_CHARACTERS) return text
  // A cut within a surrogate pair leaves its first half. This half is no character and is removed.
  return `${text.slice(0, EXCERPT_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Writes a message with its title. The title has the message's own label if that is stricter than the event's. */
function writeMessageSection(
  texts: ExportTexts,
  writeName: WriteName,
  { message, tlp }: LabelledMessage,
  eventTlp: Tlp,
): string {
  const { message_type, message_content } = message
  const ownLabel = tlp && isStricterTlp(tlp, eventTlp) ? [writeTlp(tlp)] : []
  const title = writeMessageTitle(texts, writeName, message, ownLabel)
  const { partial } = message_content
  const text = message_type === 'thinking' ? `> ${texts.unfinishedReply}` : writeBody(texts, message)
  const brokenOffText =
    message_type === 'error' && partial ? `${texts.brokenOffReply}\n\n${quoteMarkdown(partial)}\n\n` : ''
  return `${title}${writeQuote(texts, writeName, message)}${text}\n\n${brokenOffText}`
}

function writeMessageTitle(
  texts: ExportTexts,
  writeName: WriteName,
  message: Message,
  furtherMarks: readonly string[] = [],
): string {
  const { created_at, position } = message
  const time = created_at.slice(11, -1)
  const marks = [...listMarks(texts, writeName, message), ...furtherMarks]
  return `#### ${[`#${position}`, time, writeAuthor(texts, writeName, message), ...marks].join(' · ')}\n\n`
}

/**
 * Writes the quote of a message, or nothing if it has none. Each line of a message begins with `> `, so each line of
 * the quoted text begins with `> > `.
 */
function writeQuote(texts: ExportTexts, writeName: WriteName, message: Message): string {
  const quote = readQuote(message)
  if (!quote) return ''
  const { message_category, message_from, user_id, created_at, text } = quote
  const sender_type = findQuotedSenderType(quote)
  const author = writeAuthor(texts, writeName, { message_category, message_from, user_id, sender_type })
  const lines = quotePlainText(text).split('\n')
  return `> ${texts.quoteHeading(author, created_at)}\n>\n${lines.map((line) => `> ${line}`).join('\n')}\n>\n`
}

/**
 * Writes what a message says: the changes of the event, or a text as Markdown or as plain text. An agent's fields
 * follow as lines of plain text.
 */
function writeBody(texts: ExportTexts, message: Message): string {
  const changes = writeChanges(texts, message)
  if (changes !== undefined) return quotePlainText(changes)
  const { text, isMarkdown, fields } = readMessageBody(message)
  const fieldLines =
    fields.length === 0 ? '' : composeText(Object.fromEntries(fields.map(({ name, value }) => [name, value])))
  if (text === undefined) return quotePlainText(fieldLines)
  const quotedText = isMarkdown ? quoteMarkdown(text) : quotePlainText(text)
  return fieldLines === '' ? quotedText : `${quotedText}\n>\n${quotePlainText(fieldLines)}`
}

/** Writes the changes of the event that a row reports. Returns undefined if it reports none that this version knows. */
const writeChanges = (texts: ExportTexts, message: Message): string | undefined =>
  readEventChange(message)
    ?.map((change) => writeChange(texts, change))
    .join(' · ')

function writeChange(texts: ExportTexts, { field, from, to }: NamedFieldChange): string {
  const name = texts.fieldNames[field] ?? field
  // The values of a text that may be long are not stored, but only that it was rewritten.
  if (from === null || to === null) return texts.fieldRewritten(name)
  const valueNamesByField: Record<string, Record<string, string>> = {
    severity: texts.severityNames,
    event_status: texts.statusNames,
    access: texts.accessNames,
  }
  const writeValue = (value: string) =>
    field === 'tlp' ? value.toUpperCase() : (valueNamesByField[field]?.[value] ?? value)
  return texts.fieldChanged(name, writeValue(from), writeValue(to))
}

/**
 * Returns a message's text without the marks of Markdown. For an agent's message of fields only, this is the text that
 * the server composed from them.
 */
function toPlainText(message: Message): string {
  const { text = message.message_content.content, isMarkdown } = readMessageBody(message)
  return isMarkdown ? toVisibleText(text) : text
}

type Sender = Pick<Message, 'message_category' | 'sender_type' | 'message_from' | 'user_id'>

function writeAuthor(texts: ExportTexts, writeName: WriteName, sender: Sender): string {
  const { message_category, sender_type, message_from, user_id } = sender
  // The name `_expert` is shown as `expert`.
  if (message_category === 'agent') return `${escapeToOneLine(message_from.replace(/^_/, ''))} (${texts.agent})`
  if (sender_type === 'ai') return texts.assistant
  // In the category `room`, a row of the system reports a change of the event, and `user_id` is who made the change.
  // Any other row of the system is a reply that failed.
  return sender_type === 'system' && message_category !== 'room' ? texts.assistantFailure : writeName(user_id)
}

function listMarks(texts: ExportTexts, writeName: WriteName, message: Message): string[] {
  const { message_category, sender_type, visibility, pinned } = message
  return [
    ...(message_category === 'engineer_chat' && sender_type === 'user' ? [texts.asks] : []),
    ...(message_category === 'engineer_chat' ? [visibility === 'private' ? texts.privateChat : texts.sharedChat] : []),
    ...(pinned ? [texts.pinned(writeName(pinned.user_id), pinned.at)] : []),
  ]
}
