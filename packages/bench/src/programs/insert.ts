import { openMysql } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { serveSends } from './http-server.ts'
import { createQuestion, INSERT_MESSAGES, ROW_PLACEHOLDERS, toQuestionValues, toResponseBody } from './rows.ts'
import { requireVariable } from './variables.ts'

const { pool } = openMysql(requireVariable('DATABASE_URL'), { connectionLimit: 10 })
let position = 0

/** This program writes one durable row per request, without a sequence number, a reply, a session or a hint. */
await serveSends(requireVariable('SECRET'), async ({ sub }, input) => {
  position += 1
  // The room is another one than the question's, so that the positions do not collide with the product's rows.
  const question = createQuestion({ ...input, event_id: 'inserted' }, sub, 'none', position)
  await pool.execute(INSERT_MESSAGES + ROW_PLACEHOLDERS, toQuestionValues(question, input))
  return toResponseBody(question, createId(), input)
})
