import type { StoredMessage } from '../shared/index.ts'

/** Holds a row that a store adds, and the values of its other columns, which `StoredMessage` does not contain. */
export interface NewRow {
  row: StoredMessage
  client_message_id?: string | null
  request_hash?: string
  /** Is set for a reply: the id of the model that the question requested, or null if the question requested none. */
  model?: string | null
  /** Is set for a reply: the id of the request that asked the question. It is kept until the reply ends. */
  request_id?: string | null
  /** Is set for a reply: the time, as an ISO text, from which on the sweep finds the reply. */
  due_at?: string
}

/** Holds the sender, the type and the empty text that a reply has until it ends. A retry sets them again. */
export const EMPTY_REPLY_FIELDS = {
  message_from: 'ai_assistant',
  message_type: 'thinking',
  sender_type: 'ai',
  message_content: { content: '' },
} as const
