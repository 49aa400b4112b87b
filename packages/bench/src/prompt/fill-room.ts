import { createId, createSessionId, sha256 } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { BulkDatabase } from '../database/bulk-database.ts'
import { createTextWriter } from '../ranking/texts.ts'

const PINS = 60
const SESSIONS = 7
const SUMMARY_SENTENCE = 'What is known. '
const SUMMARY_CHARACTERS = 3_000
const CREATED_AT = '2026-01-31 12:00:00.000'

/** Counts the pins and the shared questions, each with its answer, of a room that `fillRoom` fills. */
export const countPinsAndQuestions = (size: number): { pins: number; questions: number } => ({
  pins: Math.min(PINS, Math.floor(size / 10)),
  questions: Math.floor(size / 10),
})

/**
 * Fills a room with `size` messages. Of each ten messages, seven are people's posts, one is by an agent, and two are a
 * question and an answer of shared chats. The newest messages of agents, at most PINS, are pinned. The event gets three
 * summaries. Returns the id of the event.
 */
export async function fillRoom(database: BulkDatabase, stores: Stores, size: number): Promise<string> {
  const [event_id = ''] = await database.createRooms(1)
  const { writeMessage } = createTextWriter(size)
  const user_id = database.users[0]?.user_id ?? ''
  // The end of the event's id makes the ids of its messages unique.
  const toMessageId = (position: number) => `${event_id.slice(-20)}-${position}`
  // Each row lists its values in the order of the columns below.
  const rows = Array.from({ length: size }, (_, index) => {
    const position = index + 1
    const content = JSON.stringify({ content: writeMessage() })
    const common = [toMessageId(position), event_id, position, position, content, CREATED_AT, CREATED_AT]
    const lastDigit = index % 10
    if (lastDigit < 7) return [...common, 'all', user_id, user_id, 'chat', 'room', 'user', null, null]
    if (lastDigit === 7) return [...common, 'all', null, '_expert', 'result', 'agent', null, null, null]
    const session_id = `shared-${Math.floor(index / 10) % SESSIONS}` // A question and its answer share a session.
    const chat = [...common, 'people', user_id]
    if (lastDigit === 8) return [...chat, user_id, 'chat', 'engineer_chat', 'user', session_id, null]
    return [...chat, 'ai_assistant', 'chat', 'engineer_chat', 'ai', session_id, toMessageId(position - 1)]
  })
  await database.insertRows(
    `INSERT INTO messages (message_id, event_id, position, seq, message_content, created_at, updated_at, audience, user_id,
       message_from, message_type, message_category, sender_type, chat_session_id, reply_to)`,
    rows,
  )
  await database.pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [size, event_id])
  await pinNewestAgentMessages(database, event_id)
  for (let round_id = 1; round_id <= 3; round_id++) {
    await stores.events.addSummary(event_id, {
      round_id,
      event_summary: SUMMARY_SENTENCE.repeat(SUMMARY_CHARACTERS / SUMMARY_SENTENCE.length),
    })
  }
  await database.pool.query('ANALYZE TABLE messages')
  return event_id
}

async function pinNewestAgentMessages({ pool }: BulkDatabase, event_id: string): Promise<void> {
  await pool.query(
    `UPDATE messages SET pinned_by = 'anna', pinned_at = ? WHERE event_id = ? AND message_category = 'agent'
     ORDER BY position DESC LIMIT ${PINS}`,
    [CREATED_AT, event_id],
  )
  await pool.query(
    'INSERT INTO pins (event_id, position) SELECT event_id, position FROM messages WHERE event_id = ? AND pinned_by IS NOT NULL',
    [event_id],
  )
}

/** Asks questions as a user of the room, and returns the ids of their replies. */
export async function askQuestions(
  database: BulkDatabase,
  stores: Stores,
  event_id: string,
  count: number,
): Promise<string[]> {
  const { writeQuestion } = createTextWriter(count)
  const user_id = database.users[0]?.user_id ?? ''
  const replies: string[] = []
  for (let index = 0; index < count; index++) {
    const text = writeQuestion()
    const { reply } = await stores.messages.ask({
      event_id,
      user_id,
      text,
      client_message_id: null,
      request_hash: sha256(text),
      session_id: null,
      model: null,
      forbidden_tlp: [],
      visibility: null,
      max_rounds: count,
      question_id: createId(),
      reply_id: createId(),
      new_session_id: createSessionId(event_id, user_id),
    })
    replies.push(reply.message.message_id)
  }
  return replies
}
