import { openMysql } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { listenForSends } from './http-server.ts'
import { createQuestion, INSERT_ROWS, questionValues, ROW, toAnswer } from './rows.ts'
import { requireVariable } from './variables.ts'

const { pool } = openMysql(requireVariable('DATABASE_URL'), { connectionLimit: 10 })
let position = 0

/** Writes one durable row per request; it has no number from the database, no reply, no session and no hint. */
await listenForSends(requireVariable('SECRET'), async ({ sub }, input) => {
  position += 1
  const question = createQuestion({ ...input, event_id: 'inserted' }, sub, 'none', position)
  await pool.execute(INSERT_ROWS + ROW, questionValues(question, input))
  return toAnswer(question, createId(), input)
})
