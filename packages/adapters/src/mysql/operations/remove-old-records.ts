import type { Pool } from 'mysql2/promise'
import { queryRows } from '../core/index.ts'

interface Kind {
  table: string
  /** This column is the row's key. */
  key: string[]
  /** Says whether the row names its event itself or by its message. */
  of: 'event' | 'message'
}

/** Lists the records about chats and events beside the messages. Each table has an index on `created_at`. */
const KINDS: Kind[] = [
  { table: 'llm_calls', key: ['id'], of: 'message' },
  { table: 'flagged_replies', key: ['message_id'], of: 'message' },
  { table: 'reply_versions', key: ['message_id', 'attempt'], of: 'message' },
  { table: 'event_changes', key: ['event_id', 'seq'], of: 'event' },
  { table: 'voice_calls', key: ['call_id'], of: 'event' },
]

/** Removes the oldest first, up to a limit for each kind. It also removes records whose message is gone. */
export async function removeRecords(pool: Pool, older_than_days: number, limit: number): Promise<number> {
  let removed = 0
  for (const kind of KINDS) removed += await removeRecordsOfKind(pool, kind, older_than_days, limit)
  return removed
}

// The rows are found first, without locks, so that no writer of a room waits.
async function removeRecordsOfKind(pool: Pool, { table, key, of }: Kind, days: number, limit: number): Promise<number> {
  const [join, event_id] =
    of === 'message' ? ['LEFT JOIN messages m ON m.message_id = r.message_id', 'm.event_id'] : ['', 'r.event_id']
  const old = await queryRows<Record<string, string | number>>(
    pool,
    `SELECT ${key.map((column) => `r.${column}`).join(', ')} FROM ${table} r FORCE INDEX (idx_created) ${join}
     WHERE r.created_at < NOW(3) - INTERVAL ? DAY
       AND (${event_id} IS NULL OR ${event_id} NOT IN (SELECT event_id FROM legal_holds))
     ORDER BY r.created_at LIMIT ?`,
    [days, limit],
  )
  if (old.length === 0) return 0
  await pool.query(`DELETE FROM ${table} WHERE (${key.join(', ')}) IN (?)`, [
    old.map((row) => (key.length === 1 ? row[key[0] ?? ''] : key.map((column) => row[column]))),
  ])
  return old.length
}
