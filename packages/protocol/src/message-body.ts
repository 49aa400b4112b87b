import { type AgentField, findComposedFields } from './composed-text.ts'
import type { Message, MessageContent } from './rooms.ts'

/**
 * Holds the parts of a message that are shown: a text, plain or in Markdown, and the fields of an agent's message.
 */
export interface MessageBody {
  /** Undefined means that the server composed `content` from the fields. */
  text: string | undefined
  isMarkdown: boolean
  fields: AgentField[]
}

/** An answer is Markdown, and so is an agent's message whose `format` says so. Every other message is plain text. */
export function readMessageBody({ message_category, sender_type, message_content }: MessageWithContent): MessageBody {
  if (message_category === 'agent') return readAgentContent(message_content)
  return { text: message_content.content, isMarkdown: sender_type === 'ai', fields: [] }
}

export type MessageWithContent = Pick<Message, 'message_category' | 'sender_type' | 'message_content'>

/** Reads what an agent posted: a text, a text with fields, or fields from which the server composed `content`. */
function readAgentContent(content: MessageContent): MessageBody {
  const { content: text } = content
  const { content: _text, format, ...otherFields }: Record<string, unknown> = content
  const isMarkdown = format === 'markdown'
  const postedFields = format === undefined ? otherFields : { ...otherFields, format }
  const composedFields = findComposedFields(text, postedFields)
  if (composedFields) return { text: undefined, isMarkdown: false, fields: composedFields }
  const shownFields = isMarkdown ? otherFields : postedFields
  return { text, isMarkdown, fields: Object.entries(shownFields).map(([name, value]) => ({ name, value })) }
}

/**
 * Separates the command that an agent ran, and its status, from the other fields. A page shows both first and without
 * their names.
 */
export function takeAgentCommand(fields: AgentField[]): {
  command: string | undefined
  status: string | undefined
  others: AgentField[]
} {
  const command = findText(fields, 'command')
  if (command === undefined) return { command, status: undefined, others: fields }
  const status = findText(fields, 'status')
  const takenNames = status === undefined ? ['command'] : ['command', 'status']
  return { command, status, others: fields.filter(({ name }) => !takenNames.includes(name)) }
}

function findText(fields: AgentField[], fieldName: string): string | undefined {
  const value = fields.find(({ name }) => name === fieldName)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}
