import { connect } from '@engineer-chat/adapters/mysql'
import { newId } from '@engineer-chat/chat/shared'
import { given } from './given.ts'
import { listenForSends } from './http-server.ts'
import { answerOf, INSERT_ROWS, newQuestion, questionValues, ROW } from './rows.ts'

const { pool } = connect(given('DATABASE_URL'), { connectionLimit: 10 })
let position = 0

/** One durable row per request, and nothing else: no number from the database, no reply, no session, no hint. */
await listenForSends(given('SECRET'), async ({ sub }, input) => {
  position += 1
  const question = newQuestion({ ...input, event_id: 'inserted' }, sub, 'none', position)
  await pool.execute(INSERT_ROWS + ROW, questionValues(question, input))
  return answerOf(question, newId(), input)
})
