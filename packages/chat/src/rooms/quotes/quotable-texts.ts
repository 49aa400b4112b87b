import {
  findHiddenDestination,
  type Link,
  type Text,
  toSafeHref,
  toVisiblePlain,
  toVisibleText,
  type VisibleOptions,
} from '@engineer-chat/markdown'
import { type AgentField, type Message, readMessageBody, takeAgentCommand } from '@engineer-chat/protocol'
import { removeCitations } from '../../prompting/index.ts'

/**
 * Lists the texts of a message that may be quoted: as its readers see it, then as it was written. Reasoning and the
 * partial of an answer cannot be quoted, because they are not an answer. Citations are left out, because they name the
 * sources of that answer alone.
 */
export function listQuotableTexts(message: Message): string[] {
  const { text = '', isMarkdown, fields } = readMessageBody(message)
  const texts = isMarkdown ? listMarkdownTexts(message, text) : [toVisiblePlain(text), message.message_content.content]
  if (fields.length === 0) return texts
  // The web page shows the command that an agent ran, and its status, above the text and the other fields.
  const { command, status, others } = takeAgentCommand(fields)
  const shownParts = [command, status, texts[0], ...listFieldTexts(others)]
  const shown = shownParts.filter((part) => part !== undefined && part !== '').join('\n')
  return [...texts, shown, listFieldTexts(fields).join('\n')]
}

/** Lists the text as the web page shows it, with destinations of links; then without destinations; then as written. */
function listMarkdownTexts({ sender_type, message_content }: Message, text: string): string[] {
  const isAnswer = sender_type === 'ai'
  const source = isAnswer ? removeCitations(text, message_content.citations) : text
  const copy = ({ start, end }: Text | Link): string => source.slice(start, end)
  // Only answers of the AI have their character references decoded.
  const options: VisibleOptions = isAnswer ? {} : { text: copy }
  const writeOrCopy = (link: Link, linkText: string): string => writeLink(link.address, linkText) ?? copy(link)
  return [toVisibleText(source, { ...options, link: writeOrCopy }), toVisibleText(source, options), source]
}

/** Writes a link as the web page shows it. Returns undefined for an unsafe URL, whose link is shown as written. */
function writeLink(address: string, linkText: string): string | undefined {
  const url = toSafeHref(address)
  if (url === undefined) return undefined
  const shownText = linkText.trim() || url
  const destination = findHiddenDestination(url, shownText)
  return destination === undefined ? shownText : `${shownText} (${destination})`
}

/** Lists the names and values of an agent's fields in the order in which the web page shows them. */
function listFieldTexts(fields: AgentField[]): string[] {
  const texts: string[] = []
  const add = (name: string, value: unknown): void => {
    const innerFields = typeof value === 'object' && value !== null ? Object.entries(value) : []
    texts.push(name)
    if (innerFields.length === 0) texts.push(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
    for (const [key, inner] of innerFields) add(Array.isArray(value) ? `[${key}]` : key, inner)
  }
  for (const { name, value } of fields) add(name, value)
  return texts
}
