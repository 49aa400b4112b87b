import type { Pool, RowDataPacket } from 'mysql2/promise'

interface Kind {
  table: string
  /** What names a row. */
  key: string[]
  /** Whether it names its event itself, or the message that does. */
  of: 'event' | 'message'
}

/** What is kept about chats and events beside what was said: each with an index on `created_at`. */
const KINDS: Kind[] = [
  { table: 'llm_calls', key: ['id'], of: 'message' },
  { table: 'flagged_replies', key: ['message_id'], of: 'message' },
  { table: 'reply_versions', key: ['message_id', 'attempt'], of: 'message' },
  { table: 'event_changes', key: ['event_id', 'seq'], of: 'event' },
  { table: 'voice_calls', key: ['call_id'], of: 'event' },
]

/** The oldest first, at most so many of each kind; those whose message is gone, too. */
export async function removeRecords(pool: Pool, older_than_days: number, limit: number): Promise<number> {
  let removed = 0
  for (const kind of KINDS) removed += await removeRecordsOfKind(pool, kind, older_than_days, limit)
  return removed
}

// Looked up first, without locks: nobody who writes to a room waits for this.
async function removeRecordsOfKind(pool: Pool, { table, key, of }: Kind, days: number, limit: number): Promise<number> {
  const [join, event_id] =
    of === 'message' ? ['LEFT JOIN messages m ON m.message_id = r.message_id', 'm.event_id'] : ['', 'r.event_id']
  const [old] = await pool.query<RowDataPacket[]>(
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
