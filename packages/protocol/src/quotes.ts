import { type Static, Type } from 'typebox'
import { type MessageCategory, MessageId, type SenderType } from './scalars.ts'

/** A quote has at most this many characters. */
export const MAX_QUOTE_CHARACTERS = 1_000

/** Names what a question or a post quotes. The server looks the text up in that message. */
export const QuoteRequest = Type.Object({
  message_id: MessageId,
  text: Type.String({
    description: `It is a part of the text that readers of the message see, with at most ${MAX_QUOTE_CHARACTERS} characters. White space may differ.`,
  }),
})
export type QuoteRequest = Static<typeof QuoteRequest>

/**
 * Holds a quote as it is stored: who wrote the text, and when. A later change of the quoted message does not change it.
 */
export interface MessageQuote {
  message_id: string
  message_from: string
  message_category: MessageCategory
  user_id: string | null
  created_at: string
  text: string
  /** True means that agents may not read the quoted post, because that post quotes a shared chat. */
  people_only?: true
}

interface QuotingRow {
  message_category: MessageCategory
  sender_type: SenderType | null
  message_content: Record<string, unknown>
}

/**
 * Reads the quote of a person's message. A field `quote` in an agent's message is ignored, because only the server
 * creates quotes, from texts that it has looked up.
 */
export function readQuote({ message_category, sender_type, message_content }: QuotingRow): MessageQuote | undefined {
  if (message_category === 'agent' || sender_type !== 'user') return undefined
  const { quote } = message_content
  return isQuote(quote) ? quote : undefined
}

/** Returns the value that `sender_type` has in the row of the quoted message. */
export function findQuotedSenderType({ message_category, message_from }: MessageQuote): SenderType | null {
  if (message_category === 'agent') return null
  if (message_from === 'ai_assistant') return 'ai'
  return message_from === 'system' ? 'system' : 'user'
}

/** Returns true if a post with this quote is hidden from agents, as chats with the AI are. */
export const quotesChat = (quote: MessageQuote | undefined): boolean =>
  quote !== undefined && (quote.message_category === 'engineer_chat' || quote.people_only === true)

const TEXT_FIELDS = ['message_id', 'message_from', 'message_category', 'created_at', 'text']

export function isQuote(value: unknown): value is MessageQuote {
  if (typeof value !== 'object' || value === null) return false
  const fields = new Map<string, unknown>(Object.entries(value))
  const user_id = fields.get('user_id')
  return (
    TEXT_FIELDS.every((name) => typeof fields.get(name) === 'string') &&
    (user_id === null || typeof user_id === 'string')
  )
}
