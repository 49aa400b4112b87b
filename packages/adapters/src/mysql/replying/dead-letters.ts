import type { DeadLetter, DeadLetterStore } from '@engineer-chat/chat/replying'
import type { Pool } from 'mysql2/promise'
import { executeRows, queryRow, queryRows, toIso } from '../core/index.ts'

const IS_DEAD = `sender_type = 'system' AND message_type = 'error' AND due_at IS NULL AND reply_to IS NOT NULL`

const COLUMNS = `message_id, event_id, user_id, seq, attempt AS attempts, created_at AS asked_at, updated_at AS failed_at,
  JSON_UNQUOTE(JSON_EXTRACT(message_content, '$.error.code')) AS code`

/** `system` sends only failures, so the index on the sender finds nothing else. */
const FAILED = `messages FORCE INDEX (idx_sender_type) WHERE ${IS_DEAD}`

export function createDeadLetterStore(pool: Pool): DeadLetterStore {
  return {
    async list({ code, limit }) {
      const rows = await queryRows<DeadLetterRecord>(
        pool,
        `SELECT * FROM (SELECT ${COLUMNS} FROM ${FAILED}) failed ${code === undefined ? '' : 'WHERE code = ?'}
         ORDER BY failed_at DESC, seq DESC LIMIT ?`,
        [...(code === undefined ? [] : [code]), limit],
      )
      return rows.map(toDeadLetter)
    },
    async find(message_id) {
      const [row] = await executeRows<DeadLetterRecord>(
        pool,
        `SELECT ${COLUMNS} FROM messages WHERE message_id = ? AND ${IS_DEAD}`,
        [message_id],
      )
      return row && toDeadLetter(row)
    },
    async count() {
      const row = await queryRow<{ count: number }>(pool, `SELECT COUNT(*) AS count FROM ${FAILED}`)
      return Number(row.count)
    },
  }
}

type DeadLetterRecord = DeadLetter

const toDeadLetter = (record: DeadLetterRecord): DeadLetter => ({
  message_id: record.message_id,
  event_id: record.event_id,
  user_id: record.user_id,
  code: record.code,
  attempts: record.attempts,
  asked_at: toIso(record.asked_at),
  failed_at: toIso(record.failed_at),
})
