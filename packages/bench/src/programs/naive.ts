import { openMysql } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import type { RowDataPacket } from 'mysql2/promise'
import { serveSends } from './http-server.ts'
import {
  createQuestion,
  INSERT_MESSAGES,
  ROW_PLACEHOLDERS,
  toQuestionValues,
  toReplyValues,
  toResponseBody,
} from './rows.ts'
import { requireVariable } from './variables.ts'

const { pool } = openMysql(requireVariable('DATABASE_URL'), { connectionLimit: 10 })
const redis = new Redis(requireVariable('REDIS_URL'), { maxRetriesPerRequest: null })
const queue = new Queue('ai-reply', { connection: redis, prefix: '{ec}', skipVersionCheck: true })

/**
 * This program stores the same rows as the product, in the simplest way: each request has its own transaction, job and
 * PUBLISH.
 */
await serveSends(requireVariable('SECRET'), async ({ sub, sid }, input) => {
  const connection = await pool.getConnection()
  const queryRow = async (sql: string, values: Array<string | number>) => {
    const [[row]] = await connection.execute<RowDataPacket[]>(sql, values)
    if (!row) throw new Error('A row of the request does not exist.')
    return row
  }
  try {
    await connection.query('BEGIN')
    await queryRow(
      `SELECT u.role FROM sign_ins s JOIN users u ON u.user_id = s.user_id
       WHERE s.sign_in_id = ? AND s.ended_at IS NULL AND u.active = 1`,
      [sid],
    )
    const room = await queryRow(
      `SELECT e.seq, e.access, m.role, SYSDATE(3) AS now FROM events e
       LEFT JOIN event_members m ON m.event_id = e.event_id AND m.user_id = ? WHERE e.event_id = ? FOR UPDATE`,
      [sub, input.event_id],
    )
    const { session_id } = await queryRow(
      'SELECT session_id FROM chat_sessions WHERE event_id = ? AND user_id = ? AND active_slot = 1',
      [input.event_id, sub],
    )
    await connection.execute('UPDATE chat_sessions SET rounds = rounds + 1 WHERE session_id = ?', [session_id])
    await connection.execute('UPDATE events SET seq = seq + 2 WHERE event_id = ?', [input.event_id])
    const question = createQuestion(input, sub, session_id, room.seq + 1)
    const reply_id = createId()
    const values = [...toQuestionValues(question, input), ...toReplyValues(reply_id, question, room.now)]
    await connection.execute(`${INSERT_MESSAGES}${ROW_PLACEHOLDERS}, ${ROW_PLACEHOLDERS}`, values)
    await connection.execute(
      "INSERT INTO audit_log (action, actor, object_type, object_id, event_id) VALUES ('send', ?, 'message', ?, ?)",
      [sub, question.message_id, input.event_id],
    )
    await connection.query('COMMIT')

    const job = { jobId: `reply-${reply_id}-0`, removeOnComplete: true, removeOnFail: true }
    await queue.add('reply', { message_id: reply_id, attempt: 0 }, job)
    const responseBody = toResponseBody(question, reply_id, input)
    await redis.publish(`ec:room:${input.event_id}`, JSON.stringify(responseBody))
    return responseBody
  } catch (error) {
    await connection.query('ROLLBACK')
    throw error
  } finally {
    connection.release()
  }
})
