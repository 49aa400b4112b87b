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
 * Lists the forms of a message's text in which a quote is looked for: first as readers see it, then as it was written.
 * For a message with fields, two more follow: the text with all fields as readers see them, and the fields alone.
 * Reasoning and the partial of an answer cannot be quoted, because they are not an answer. The texts have no citations,
 * because a citation names a source of its own answer only.
 */
export function listQuotableTexts(message: Message): string[] {
  const { text = '', isMarkdown, fields } = readMessageBody(message)
  const texts = isMarkdown ? listMarkdownTexts(message, text) : [toVisiblePlain(text), message.message_content.content]
  if (fields.length === 0) return texts
  // The web page shows the command that an agent ran, and its status, above the text and the other fields.
  const { command, status, others } = takeAgentCommand(fields)
  // `texts[0]` is the text as readers see it.
  const shownParts = [command, status, texts[0], ...listFieldTexts(others)]
  const shown = shownParts.filter((part) => part !== undefined && part !== '').join('\n')
  return [...texts, shown, listFieldTexts(fields).join('\n')]
}

/**
 * Lists three forms of a Markdown text: as the web page shows it, with the destinations of links; the same without the
 * destinations; and the source. Citations are removed from all three.
 */
function listMarkdownTexts({ sender_type, message_content }: Message, text: string): string[] {
  const isAnswer = sender_type === 'ai'
  const source = isAnswer ? removeCitations(text, message_content.citations) : text
  const copySource = ({ start, end }: Text | Link): string => source.slice(start, end)
  // Only answers of the AI have their character references decoded.
  const options: VisibleOptions = isAnswer ? {} : { text: copySource }
  const writeOrCopy = (link: Link, linkText: string): string => writeLink(link.address, linkText) ?? copySource(link)
  return [toVisibleText(source, { ...options, link: writeOrCopy }), toVisibleText(source, options), source]
}

/** Writes a link as the web page shows it. Returns undefined for an unsafe URL: the page shows the source then. */
function writeLink(address: string, linkText: string): string | undefined {
  const url = toSafeHref(address)
  if (url === undefined) return undefined
  const shownText = linkText.trim() || url
  const destination = findHiddenDestination(url, shownText)
  return destination === undefined ? shownText : `${shownText} (${destination})`
}

/** Lists the names and values of an agent's fields, nested ones too, in the order in which the web page shows them. */
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
