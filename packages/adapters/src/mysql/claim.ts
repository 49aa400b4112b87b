import type { Claim } from '@engineer-chat/chat'
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { findRow } from './changes.ts'
import { lockSession } from './locks.ts'
import { ROW_COLUMNS, type RowRecord, rowOf } from './rows.ts'
import { earliestUnfinished } from './session-replies.ts'
import { type Tx, transaction } from './transaction.ts'

/** Takes a reply for a worker, by one conditional write; the session's lock keeps its order still meanwhile. */
export async function claimReply(pool: Pool, message_id: string, lease_ms: number): Promise<Claim | undefined> {
  const reply = await findRow(pool, message_id)
  const session_id = reply?.message.chat_session_id
  if (!session_id) return undefined
  return transaction(pool, async (tx) => {
    await lockSession(tx, session_id)
    const head = await earliestUnfinished(tx, session_id)
    if (head?.message_id !== message_id) return undefined
    return (await take(tx, message_id, lease_ms)) ? claimed(tx, message_id) : undefined
  })
}

async function take(tx: Tx, message_id: string, lease_ms: number): Promise<boolean> {
  const [taken] = await tx.execute<ResultSetHeader>(
    `UPDATE messages SET attempt = attempt + 1, tries = tries + 1,
       lease_until = NOW(3) + INTERVAL ? * 1000 MICROSECOND, due_at = NOW(3) + INTERVAL ? * 1000 MICROSECOND
     WHERE message_id = ? AND due_at IS NOT NULL AND (lease_until IS NULL OR lease_until <= NOW(3))`,
    [lease_ms, lease_ms, message_id],
  )
  return taken.affectedRows === 1
}

async function claimed(tx: Tx, message_id: string): Promise<Claim | undefined> {
  const [[record]] = await tx.execute<Array<RowRecord & RowDataPacket>>(
    `SELECT ${ROW_COLUMNS}, tries, cancel_requested, model FROM messages WHERE message_id = ?`,
    [message_id],
  )
  return (
    record && {
      row: rowOf(record),
      tries: record.tries,
      cancel_requested: Boolean(record.cancel_requested),
      model: record.model,
    }
  )
}
