import type { StoredMessage } from '../shared/index.ts'

/** A row that a store is to add, and what it keeps beside it. */
export interface NewMessage {
  row: StoredMessage
  client_message_id?: string | null
  request_hash?: string
  model?: string | null
  /** Of a reply: the time from which the sweep looks for it. */
  due_at?: string
}

/** A reply's fields until its answer comes. */
export const THINKING = {
  message_from: 'ai_assistant',
  message_type: 'thinking',
  sender_type: 'ai',
  message_content: { content: '' },
} as const
