import type { BulkDatabase } from '../database/bulk-database.ts'

/** Adds people's messages to a room. The first one gets this position, which is also its sequence number. */
export async function insertMessages(
  database: BulkDatabase,
  event_id: string,
  firstPosition: number,
  contents: string[],
): Promise<void> {
  await database.insertRows(
    `INSERT INTO messages (message_id, event_id, position, seq, audience, user_id, message_from, message_type,
       message_category, sender_type, message_content)`,
    contents.map((content, index) => {
      const position = firstPosition + index
      return [
        `${event_id}-${position}`,
        event_id,
        position,
        position,
        'all',
        'anna',
        'anna',
        'chat',
        'room',
        'user',
        JSON.stringify({ content }),
      ]
    }),
  )
  const lastPosition = firstPosition + contents.length - 1
  await database.pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [lastPosition, event_id])
}
