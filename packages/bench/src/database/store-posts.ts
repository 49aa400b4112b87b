import { createId, type RoomChange } from '@engineer-chat/chat/shared'
import type { Message } from '@engineer-chat/protocol'
import type { RowDataPacket } from 'mysql2'
import type { BulkDatabase } from './bulk-database.ts'

const TEXT = 'The beacon has moved to another host; isolate it before the next check-in. '.repeat(4)

/** Stores messages of agents in each room, and returns the changes to publish, one for each message. */
export async function storePosts(database: BulkDatabase, rooms: string[], postsPerRoom: number): Promise<RoomChange[]> {
  const [lastSeqs] = await database.pool.query<Array<{ event_id: string; seq: number } & RowDataPacket>>(
    'SELECT event_id, seq FROM events WHERE event_id IN (?)',
    [rooms],
  )
  const messages = lastSeqs.flatMap(({ event_id, seq }) =>
    Array.from({ length: postsPerRoom }, (_, index) => createMessage(event_id, seq + 1 + index)),
  )
  await database.insertRows(
    `INSERT INTO messages (message_id, event_id, position, seq, audience, message_from, message_type, message_category,
       message_content)`,
    messages.map((message) => [
      message.message_id,
      message.event_id,
      message.position,
      message.seq,
      'all',
      message.message_from,
      message.message_type,
      message.message_category,
      JSON.stringify(message.message_content),
    ]),
  )
  await database.pool.query('UPDATE events SET seq = seq + ? WHERE event_id IN (?)', [postsPerRoom, rooms])
  return messages.map((message) => {
    const { event_id, seq } = message
    return { event_id, first_seq: seq, seq, rows: [{ message, audience: 'all', attempt: 0 }] }
  })
}

function createMessage(event_id: string, seq: number): Message {
  const now = new Date().toISOString()
  return {
    message_id: createId(),
    event_id,
    position: seq,
    seq,
    user_id: null,
    message_from: '_expert',
    message_type: 'execution_summary_generated',
    message_category: 'agent',
    sender_type: null,
    chat_session_id: null,
    visibility: 'room',
    reply_to: null,
    round_id: null,
    event_summary_version: null,
    message_content: { content: TEXT },
    created_at: now,
    updated_at: now,
  }
}
