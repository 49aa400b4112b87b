import { openMysql } from '@engineer-chat/adapters/mysql'
import type { Fixture } from '@engineer-chat/proof'

const ROWS_PER_STATEMENT = 1_000

/** Inserts `count` messages of an agent from `firstPosition` on. Each text begins with `number <position>:`. */
export async function insertMessages(
  fixture: Fixture,
  event_id: string,
  { count, firstPosition = 1 }: { count: number; firstPosition?: number },
): Promise<void> {
  const mysql = openMysql(fixture.product.mysql.url, { connectionLimit: 1 })
  const rows = Array.from({ length: count }, (_, index) => {
    const position = firstPosition + index
    const finding = 'a finding of some length '.repeat(1 + (index % 9)) // The rows have different heights.
    return [
      toInsertedId(event_id, position),
      event_id,
      position,
      position, // This is the sequence number.
      fixture.alice.user_id,
      '_executor',
      'command_result',
      'agent',
      'all',
      JSON.stringify({ content: `number ${position}: ${finding}` }),
    ]
  })
  const columns =
    'message_id, event_id, position, seq, user_id, message_from, message_type, message_category, audience, message_content'
  for (let offset = 0; offset < count; offset += ROWS_PER_STATEMENT) {
    const batch = rows.slice(offset, offset + ROWS_PER_STATEMENT)
    await mysql.pool.query(`INSERT INTO messages (${columns}) VALUES ?`, [batch])
  }
  await mysql.pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [firstPosition + count - 1, event_id])
  await mysql.close()
}

/** Returns the id of the inserted message at this position. */
export const toInsertedId = (event_id: string, position: number): string => `fill-${event_id.slice(-12)}-${position}`
