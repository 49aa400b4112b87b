import type { Materials, ReplyContext } from '@engineer-chat/chat'
import type { EventSummary, Message } from '@engineer-chat/protocol'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { questionsBefore } from './asked.ts'
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
  const [[question]] = await pool.execute<Array<Message & RowDataPacket>>(
    `SELECT q.event_id, q.chat_session_id, q.position, q.event_summary_version, q.message_content
     FROM messages r JOIN messages q ON q.message_id = r.reply_to WHERE r.message_id = ?`,
    [message_id],
  )
  if (!question) return undefined
  const { event_id, chat_session_id, position, event_summary_version, message_content } = question
  return contextAt(pool, { event_id, chat_session_id, position }, history_limit, {
    version: event_summary_version,
    question: contentOf(message_content).content,
  })
}

/** The same for a question that stands nowhere yet. */
export const contextNow = (
  pool: Pool,
  { event_id, session_id, question }: Parameters<Materials['contextOf']>[0],
  history_limit: number,
): Promise<ReplyContext | undefined> =>
  contextAt(pool, { event_id, chat_session_id: session_id, position: Number.MAX_SAFE_INTEGER }, history_limit, {
    question,
  })

interface Place {
  event_id: string
  chat_session_id: string | null
  position: number
}

/** `version` is that of the summary at asking, if it isn't now. */
async function contextAt(
  pool: Pool,
  place: Place,
  history_limit: number,
  asked: { version?: string | null; question: string },
): Promise<ReplyContext | undefined> {
  const [[event]] = await pool.execute<EventRecord[]>(`SELECT ${EVENT_COLUMNS} FROM events WHERE event_id = ?`, [
    place.event_id,
  ])
  if (!event) return undefined
  const { version = event.summary_version, question } = asked
  // At once, on several connections: nothing here depends on the other.
  const [[previous], summary, history, carried_over] = await Promise.all([
    questionsBefore(pool, place),
    currentSummary(pool, event),
    turnsBefore(pool, place, Math.floor(history_limit / 2)),
    carriedOver(pool, place),
  ])
  const summary_updated = previous !== undefined && previous.event_summary_version !== version
  return { event: eventOf(event), summary, summary_updated, history, carried_over, question }
}

async function currentSummary(pool: Pool, event: EventRecord): Promise<EventSummary | null> {
  if (event.summary_version === null) return null
  const [[summary]] = await pool.execute<SummaryRecord[]>(
    `SELECT ${SUMMARY_COLUMNS} FROM summaries WHERE event_id = ? AND version = ?`,
    [event.event_id, event.summary_version],
  )
  return summary ? summaryOf(summary) : null
}

async function carriedOver(pool: Pool, { chat_session_id }: Place): Promise<string | null> {
  const [[session]] = await pool.execute<RowDataPacket[]>(
    'SELECT carried_over FROM chat_sessions WHERE session_id = ?',
    [chat_session_id],
  )
  return session?.carried_over ?? null
}

// `<> ''` holds for no text of blanks either.
async function turnsBefore(
  pool: Pool,
  { chat_session_id, position }: Place,
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
