import type { ReplyRef } from '@engineer-chat/chat'
import type { RowDataPacket } from 'mysql2/promise'
import type { Tx } from './transaction.ts'

type Head = ReplyRef & RowDataPacket

/** The one reply of a session that may be in the queue. */
export async function earliestUnfinished(tx: Tx, session_id: string | null): Promise<ReplyRef | null> {
  const [[head]] = await tx.execute<Head[]>(
    `SELECT message_id, attempt FROM messages FORCE INDEX (idx_chat_session)
     WHERE chat_session_id = ? AND due_at IS NOT NULL ORDER BY position LIMIT 1`,
    [session_id],
  )
  return head ? { message_id: head.message_id, attempt: head.attempt } : null
}
