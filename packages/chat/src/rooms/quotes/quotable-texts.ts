import { type Text, toVisiblePlain, toVisibleText } from '@engineer-chat/markdown'
import { type AgentField, type Message, readMessageBody } from '@engineer-chat/protocol'
import { removeCitations } from '../../prompting/index.ts'

/**
 * Lists the texts of a message that may be quoted: as its readers see it, then as it was written. Reasoning and the part
 * of an answer that broke off are none, because they are no answer. Citations of an answer belong to that answer alone.
 */
export function listQuotableTexts(message: Message): string[] {
  const { text, isMarkdown, fields } = readMessageBody(message)
  const { content } = message.message_content
  const fieldTexts = fields.length === 0 ? [] : [listFieldTexts(fields).join('\n')]
  if (text === undefined || !isMarkdown) return [toVisiblePlain(text ?? ''), content, ...fieldTexts]
  const isAnswer = message.sender_type === 'ai'
  const source = isAnswer ? removeCitations(text, message.message_content.citations) : text
  // Only answers of the AI have their character references decoded.
  const visible = toVisibleText(source, isAnswer ? {} : { text: (node: Text) => source.slice(node.start, node.end) })
  return [visible, source, ...fieldTexts]
}

/** Lists the names and values of an agent's fields in the order in which a page shows them. */
function listFieldTexts(fields: AgentField[]): string[] {
  const texts: string[] = []
  const add = (name: string, value: unknown): void => {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
    texts.push(name)
    if (entries.length === 0) texts.push(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
    for (const [key, inner] of entries) add(Array.isArray(value) ? `[${key}]` : key, inner)
  }
  for (const { name, value } of fields) add(name, value)
  return texts
}
