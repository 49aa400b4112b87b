import type { StoredMessage } from '../shared/index.ts'

/** Holds a row that a store adds, and the values that it keeps beside the row. */
export interface NewRow {
  row: StoredMessage
  client_message_id?: string | null
  request_hash?: string
  /** A reply keeps the id of the model that its question requested. Null means that it requested none. */
  model?: string | null
  /** A reply keeps the id of its request until it ends. */
  request_id?: string | null
  /** From this time on, the sweep finds the reply. */
  due_at?: string
}

/** A reply has this sender, this type and an empty text until it ends. */
export const EMPTY_REPLY_FIELDS = {
  message_from: 'ai_assistant',
  message_type: 'thinking',
  sender_type: 'ai',
  message_content: { content: '' },
} as const
