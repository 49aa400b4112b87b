import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows, lockRoom, lockSession, queryRows, type TableRow, type Tx, transaction } from '../core/index.ts'
import type { chatSessions, messages } from '../schema/index.ts'

type Session = Pick<TableRow<typeof chatSessions>, 'session_id' | 'event_id' | 'user_id'>

/** A question that arrives at the same moment continues in its session: only the choice of the active session changes. */
export async function closeIdleSessions(pool: Pool, idle_hours: number, limit: number): Promise<number> {
  const idle = await queryRows<Pick<Session, 'session_id'>>(
    pool,
    `SELECT session_id FROM chat_sessions
     WHERE active_slot = 1 AND updated_at < NOW(3) - INTERVAL ? HOUR LIMIT ?`,
    [idle_hours, limit],
  )
  if (idle.length === 0) return 0
  const [closed] = await pool.query<ResultSetHeader>(
    `UPDATE chat_sessions SET active_slot = NULL
     WHERE session_id IN (?) AND updated_at < NOW(3) - INTERVAL ? HOUR`,
    [idle.map(({ session_id }) => session_id), idle_hours],
  )
  return closed.affectedRows
}

/** Each session is removed in its own transaction, so that a room's writers wait for a few rows at most. */
export async function removeChats(pool: Pool, older_than_days: number, limit: number): Promise<number> {
  const old = await queryRows<Session>(
    pool,
    `SELECT session_id, event_id, user_id FROM chat_sessions
     WHERE updated_at < NOW(3) - INTERVAL ? DAY AND event_id NOT IN (SELECT event_id FROM legal_holds)
       AND NOT EXISTS (SELECT 1 FROM messages m FORCE INDEX (idx_chat_session)
         WHERE m.chat_session_id = chat_sessions.session_id AND m.due_at IS NOT NULL)
     LIMIT ?`,
    [older_than_days, limit],
  )
  for (const session of old) await transaction(pool, (tx) => removeSession(tx, session, older_than_days))
  return old.length
}

/** Checks again under the locks, because a question or a legal hold may have arrived. */
async function removeSession(
  tx: Tx,
  { session_id, event_id, user_id }: Session,
  older_than_days: number,
): Promise<void> {
  await lockRoom(tx, event_id)
  await lockSession(tx, session_id)
  const [still] = await executeRows<object>(
    tx,
    `SELECT 1 FROM chat_sessions WHERE session_id = ? AND updated_at < NOW(3) - INTERVAL ? DAY
       AND event_id NOT IN (SELECT event_id FROM legal_holds)
       AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.chat_session_id = ? AND m.due_at IS NOT NULL)`,
    [session_id, older_than_days, session_id],
  )
  if (!still) return
  const rows = await executeRows<Pick<TableRow<typeof messages>, 'message_id'>>(
    tx,
    'SELECT message_id FROM messages WHERE chat_session_id = ?',
    [session_id],
  )
  const ids = rows.map((row) => row.message_id)
  if (ids.length > 0) {
    await tx.execute(
      'DELETE FROM pins WHERE event_id = ? AND position IN (SELECT position FROM messages WHERE chat_session_id = ?)',
      [event_id, session_id],
    )
    for (const table of ['feedback', 'flagged_replies', 'llm_calls', 'reply_versions', 'messages']) {
      await tx.query(`DELETE FROM ${table} WHERE message_id IN (?)`, [ids])
    }
  }
  await tx.execute('DELETE FROM chat_sessions WHERE session_id = ?', [session_id])
  await tx.execute(
    'DELETE FROM read_marks WHERE event_id = ? AND user_id = ? AND updated_at < NOW(3) - INTERVAL ? DAY',
    [event_id, user_id, older_than_days],
  )
}
