import type { NewRow } from '@engineer-chat/chat/rooms'
import type { Audience, StoredMessage } from '@engineer-chat/chat/shared'
import type { Message, MessageContent } from '@engineer-chat/protocol'
import { fromIso, parseJson, type TableRow, toIso } from '../core/index.ts'
import type { messages } from '../schema/index.ts'

type Column = keyof TableRow<typeof messages>

const COLUMNS = [
  'message_id',
  'event_id',
  'position',
  'seq',
  'audience',
  'user_id',
  'message_from',
  'message_type',
  'message_category',
  'sender_type',
  'chat_session_id',
  'reply_to',
  'round_id',
  'event_summary_version',
  'message_content',
  'attempt',
  'created_at',
  'updated_at',
] as const satisfies Column[]

/** These are only selected: a new message has no pin, and `INSERT_MESSAGES` names `mentions` itself. */
const SELECTED_COLUMNS = ['pinned_by', 'pinned_at', 'mentions'] as const satisfies Column[]

/** Lists the columns that `toStoredMessage` reads, for a SELECT. */
export const MESSAGE_COLUMNS = [...COLUMNS, ...SELECTED_COLUMNS].join(', ')

type RecordColumn = (typeof COLUMNS)[number] | (typeof SELECTED_COLUMNS)[number]

export interface MessageRecord
  extends Omit<Pick<TableRow<typeof messages>, RecordColumn>, 'message_content' | 'mentions'> {
  message_content: MessageContent | string
  mentions: string[] | string | null
}

/** Holds a row that was found by its idempotency key, with the hash of the request that stored the key. */
export type KeyedRecord = MessageRecord & Pick<TableRow<typeof messages>, 'request_hash'>

export function toStoredMessage(record: MessageRecord): StoredMessage {
  return {
    message: {
      message_id: record.message_id,
      event_id: record.event_id,
      position: record.position,
      seq: record.seq,
      user_id: record.user_id,
      message_from: record.message_from,
      message_type: record.message_type,
      message_category: record.message_category,
      sender_type: record.sender_type,
      chat_session_id: record.chat_session_id,
      visibility: toVisibility(record.audience),
      reply_to: record.reply_to,
      round_id: record.round_id,
      event_summary_version: record.event_summary_version,
      message_content: parseJson(record.message_content),
      created_at: toIso(record.created_at),
      updated_at: toIso(record.updated_at),
      ...(record.pinned_by !== null &&
        record.pinned_at !== null && { pinned: { user_id: record.pinned_by, at: toIso(record.pinned_at) } }),
      ...(record.mentions !== null && { mentions: parseJson(record.mentions) }),
    },
    audience: record.audience,
    attempt: record.attempt,
  }
}

export const toVisibility = (audience: Audience): Message['visibility'] =>
  audience === 'all' || audience === 'people' ? 'room' : 'private'

/** Inserts messages. `toValues` returns the values of one row. */
export const INSERT_MESSAGES = `INSERT INTO messages
  (${COLUMNS.join(', ')}, client_message_id, request_hash, model, request_id, due_at, mentions) VALUES ?`

export function toValues({ row, client_message_id, request_hash, model, request_id, due_at }: NewRow): unknown[] {
  const { message, audience, attempt } = row
  const stored: Record<(typeof COLUMNS)[number], unknown> = {
    ...message,
    audience,
    attempt,
    message_content: JSON.stringify(message.message_content),
    created_at: fromIso(message.created_at),
    updated_at: fromIso(message.updated_at),
  }
  const furtherValues = [client_message_id, request_hash, model, request_id, due_at && fromIso(due_at)].map(
    (value) => value ?? null,
  )
  const mentions = message.mentions ? JSON.stringify(message.mentions) : null
  return [...COLUMNS.map((column) => stored[column]), ...furtherValues, mentions]
}
