import type { ReplyContext } from '@engineer-chat/chat'
import type { EventSummary, Message } from '@engineer-chat/protocol'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { questionsBefore } from './asked.ts'
import { findRow } from './changes.ts'
import {
  EVENT_COLUMNS,
  type EventRecord,
  eventOf,
  SUMMARY_COLUMNS,
  type SummaryRecord,
  summaryOf,
} from './event-rows.ts'
import { contentOf } from './rows.ts'

/** What a model is told for this reply. What stands after the question, as it does for a retried one, isn't. */
export async function replyContext(
  pool: Pool,
  message_id: string,
  history_limit: number,
): Promise<ReplyContext | undefined> {
  const reply = await findRow(pool, message_id)
  const question = reply?.message.reply_to ? await findRow(pool, reply.message.reply_to) : undefined
  if (!question) return undefined
  const { message } = question
  const [[event]] = await pool.execute<EventRecord[]>(`SELECT ${EVENT_COLUMNS} FROM events WHERE event_id = ?`, [
    message.event_id,
  ])
  if (!event) return undefined
  const [previous] = await questionsBefore(pool, message)
  return {
    event: eventOf(event),
    summary: await currentSummary(pool, event),
    summary_updated: previous !== undefined && previous.event_summary_version !== message.event_summary_version,
    history: await turnsBefore(pool, message, Math.floor(history_limit / 2)),
    question: message.message_content.content,
  }
}

async function currentSummary(pool: Pool, event: EventRecord): Promise<EventSummary | null> {
  const [[summary]] = await pool.execute<SummaryRecord[]>(
    `SELECT ${SUMMARY_COLUMNS} FROM summaries WHERE event_id = ? AND version = ?`,
    [event.event_id, event.summary_version],
  )
  return summary ? summaryOf(summary) : null
}

// `<> ''` holds for no text of blanks either.
async function turnsBefore(
  pool: Pool,
  { chat_session_id, position }: Message,
  turns: number,
): Promise<ReplyContext['history']> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT q.message_content AS question, a.message_content AS answer
     FROM messages a FORCE INDEX (idx_chat_session) JOIN messages q ON q.message_id = a.reply_to
     WHERE a.chat_session_id = ? AND a.position < ? AND a.message_type = 'chat'
       AND JSON_UNQUOTE(JSON_EXTRACT(a.message_content, '$.content')) <> ''
     ORDER BY a.position DESC LIMIT ?`,
    [chat_session_id, position, turns],
  )
  return rows
    .reverse()
    .map((row) => ({ question: contentOf(row.question).content, answer: contentOf(row.answer).content }))
}
