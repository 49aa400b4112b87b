import type { Asked } from '@engineer-chat/chat/rooms'
import { ChatError, type Row } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { inOneTrip } from '../core/index.ts'
import { earliestUnfinished } from '../replying/index.ts'
import { ROW_COLUMNS, type RowRecord, readingQuestions, rowOf } from '../rooms/index.ts'

/** What an earlier ask with this key stored, as it is now. @throws ChatError idempotency_mismatch */
export async function askedByKey(
  pool: Pool,
  { user_id, client_message_id, request_hash }: { user_id: string; client_message_id: string; request_hash: string },
): Promise<Asked | undefined> {
  const [[record]] = await pool.execute<Array<RowRecord & { request_hash: string }>>(
    `SELECT ${ROW_COLUMNS}, request_hash FROM messages WHERE user_id = ? AND client_message_id = ?`,
    [user_id, client_message_id],
  )
  if (!record) return undefined
  if (record.request_hash !== request_hash) throw new ChatError('idempotency_mismatch')
  return askedOf(pool, rowOf(record))
}

export async function askedById(pool: Pool, question_id: string): Promise<Asked | undefined> {
  const [[record]] = await pool.execute<RowRecord[]>(`SELECT ${ROW_COLUMNS} FROM messages WHERE message_id = ?`, [
    question_id,
  ])
  return record && askedOf(pool, rowOf(record))
}

/**
 * Of an ask whose COMMIT was kept and its answer lost: its change and its job are still to be told. The change has no
 * rows, which may be newer by now: whoever hears of it reads them.
 */
export async function stillToTell(pool: Pool, asked: Asked): Promise<Asked> {
  const { event_id, position } = asked.question.message
  const { message_id } = asked.reply.message
  const head = await earliestUnfinished(pool, asked.session_id)
  const job = head?.message_id === message_id ? head : null
  return { ...asked, change: { event_id, first_seq: position, seq: position + 1 }, job }
}

async function askedOf(pool: Pool, question: Row): Promise<Asked> {
  const { message_id, chat_session_id, event_summary_version } = question.message
  const [[reply]] = await pool.execute<RowRecord[]>(`SELECT ${ROW_COLUMNS} FROM messages WHERE reply_to = ?`, [
    message_id,
  ])
  if (!reply || chat_session_id === null) throw new Error('A question without a reply.')
  const [before] = await inOneTrip(pool, [readingQuestions(question.message)])
  const previous = before[0]
  return {
    session_id: chat_session_id,
    round: before.length + 1,
    summary_updated: previous !== undefined && previous.event_summary_version !== event_summary_version,
    question,
    reply: rowOf(reply),
    change: null,
    job: null,
  }
}
