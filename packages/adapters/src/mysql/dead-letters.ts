import type { RowDataPacket } from 'mysql2/promise'
import type { Mysql } from './connection.ts'

/** A reply that ended as an error. */
export interface DeadLetter {
  message_id: string
  event_id: string
  /** Whose question it was. */
  user_id: string
  code: string | null
  failed_at: string
}

/** The newest first; those of one cause alone, if it is named. */
export async function deadLetters(
  { pool }: Mysql,
  { code, limit }: { code?: string; limit: number },
): Promise<DeadLetter[]> {
  const [rows] = await pool.query<Array<DeadLetter & RowDataPacket>>(
    `SELECT message_id, event_id, user_id, code, failed_at FROM (
       SELECT message_id, event_id, user_id, updated_at AS failed_at,
         JSON_UNQUOTE(JSON_EXTRACT(message_content, '$.error.code')) AS code
       FROM messages FORCE INDEX (idx_sender_type)
       WHERE sender_type = 'system' AND message_type = 'error' AND due_at IS NULL AND reply_to IS NOT NULL) failed
     ${code === undefined ? '' : 'WHERE code = ?'} ORDER BY failed_at DESC LIMIT ?`,
    [...(code === undefined ? [] : [code]), limit],
  )
  return rows.map(({ message_id, event_id, user_id, code: why, failed_at }) => ({
    message_id,
    event_id,
    user_id,
    code: why,
    failed_at,
  }))
}
