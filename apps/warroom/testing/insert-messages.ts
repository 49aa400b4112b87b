import { openMysql } from '@engineer-chat/adapters/mysql'
import type { Fixture } from '@engineer-chat/proof'

/** Inserts `count` messages of an agent, beginning at position `from`. Returns the id of the message at position 20. */
export async function insertMessages(fixture: Fixture, event_id: string, count: number, from = 1): Promise<string> {
  const mysql = openMysql(fixture.product.mysql.url, { connectionLimit: 1 })
  const rows = Array.from({ length: count }, (_, index) => [
    `fill-${event_id.slice(-12)}-${index + from}`,
    event_id,
    index + from,
    index + from,
    fixture.alice.user_id,
    '_executor',
    'command_result',
    'agent',
    'all',
    JSON.stringify({ content: `number ${index + from}: ${'a finding of some length '.repeat(1 + (index % 9))}` }),
  ])
  const columns =
    'message_id, event_id, position, seq, user_id, message_from, message_type, message_category, audience, message_content'
  for (let offset = 0; offset < count; offset += 1_000) {
    await mysql.pool.query(`INSERT INTO messages (${columns}) VALUES ?`, [rows.slice(offset, offset + 1_000)])
  }
  await mysql.pool.query('UPDATE events SET seq = ? WHERE event_id = ?', [from + count - 1, event_id])
  await mysql.close()
  return `fill-${event_id.slice(-12)}-20`
}
