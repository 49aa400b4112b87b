import { type AgentField, findComposedFields } from './composed-text.ts'
import type { Message, MessageContent } from './rooms.ts'

/** Describes what a message shows: a text, as data or as Markdown, and an agent's fields beside it or instead of it. */
export interface MessageBody {
  /** Undefined means that the server composed `content` from the fields. */
  text: string | undefined
  isMarkdown: boolean
  fields: AgentField[]
}

/** An answer is Markdown, and so is an agent's message whose `format` says so. Every other message is data. */
export function readMessageBody({ message_category, sender_type, message_content }: MessageWithContent): MessageBody {
  if (message_category === 'agent') return readAgentContent(message_content)
  return { text: message_content.content, isMarkdown: sender_type === 'ai', fields: [] }
}

export type MessageWithContent = Pick<Message, 'message_category' | 'sender_type' | 'message_content'>

/** Reads what an agent posted: a text, a text with fields, or fields from which the server composed `content`. */
function readAgentContent(content: MessageContent): MessageBody {
  const { content: text } = content
  const { content: _text, format, ...rest }: Record<string, unknown> = content
  const isMarkdown = format === 'markdown'
  const agentFields = format === undefined || isMarkdown ? rest : { ...rest, format }
  const composed = findComposedFields(text, isMarkdown ? { ...agentFields, format } : agentFields)
  if (composed) return { text: undefined, isMarkdown: false, fields: composed }
  return { text, isMarkdown, fields: Object.entries(agentFields).map(([name, value]) => ({ name, value })) }
}

/** Takes the command and its status out of an agent's fields. A page shows both first and without their names. */
export function takeCommand(fields: AgentField[]): {
  command: string | undefined
  status: string | undefined
  others: AgentField[]
} {
  const command = findText(fields, 'command')
  if (command === undefined) return { command, status: undefined, others: fields }
  const status = findText(fields, 'status')
  const taken = status === undefined ? ['command'] : ['command', 'status']
  return { command, status, others: fields.filter(({ name }) => !taken.includes(name)) }
}

function findText(fields: AgentField[], wanted: string): string | undefined {
  const value = fields.find(({ name }) => name === wanted)?.value
  return typeof value === 'string' && value !== '' ? value : undefined
}
