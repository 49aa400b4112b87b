import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createId, createSessionId } from '@engineer-chat/chat/shared'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { LogLines } from '../src/commands/trace/log-lines.ts'

const SERVER = getTestServers().databaseUrl
const REQUEST_ID = 'request-of-the-question'

/**
 * Stores a question whose first call fails and whose second call answers, and returns the ids of question and reply.
 */
async function askAndAnswer(t: Test) {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(SERVER)
  await admin.query(`CREATE DATABASE ${name}`)
  const url = new URL(SERVER)
  url.pathname = `/${name}`
  const mysql = openMysql(url.href, { connectionLimit: 3 })
  t.teardown(async () => {
    await mysql.close()
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  await migrate(mysql)
  const stores = createMysqlStores(mysql)
  const { event_id } = await stores.events.create({
    event_id: createId(),
    event_name: 'Drill',
    message: 'm',
    context: '',
    severity: 'low',
    source: 's',
    access: 'open',
    tlp: 'amber',
    created_by: null,
  })
  const asked = await stores.messages.ask({
    event_id,
    user_id: 'alice',
    text: 'a private question',
    client_message_id: null,
    request_hash: 'x',
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 10,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(event_id, 'alice'),
    auditContext: { address: null, request_id: REQUEST_ID },
  })
  const { message_id } = asked.reply.message
  const claim = await stores.replies.claim(message_id, 60_000)
  const ref = { message_id, attempt: claim?.row.attempt ?? 0 }
  const call = { ...ref, model: 'm', usage: null, first_token_ms: null, total_ms: 20 }
  await stores.replies.recordCall({ ...call, outcome: 'failed', error_code: 'llm_timeout' })
  await stores.replies.recordCall({ ...call, outcome: 'ok', error_code: null })
  const content = { content: 'a private answer', finish_reason: 'stop' as const }
  await stores.replies.finish(ref, { type: 'chat', content })
  return { url: url.href, question_id: asked.question.message.message_id, reply_id: message_id }
}

t.test(
  '[TRACE2] the history of a question is found by the id of its request, question or reply, and contains no message text',
  { timeout: 100_000 },
  async (t) => {
    const { url, question_id, reply_id } = await askAndAnswer(t)
    const logFile = join(t.testdir(), 'worker.log')
    const fields = { time: '2026-01-01T00:00:00.000Z', service: 'worker', pid: 7, reply_id, question_id }
    writeFileSync(logFile, `${JSON.stringify({ ...fields, event: 'EngineerChat.reply_claimed' })}\nno JSON\n`)
    const runTrace = async (...args: string[]) => {
      const path = fileURLToPath(new URL('../bin/trace.ts', import.meta.url))
      const { PATH, NODE_OPTIONS } = process.env
      const env = { PATH, NODE_OPTIONS, DATABASE_URL: url, REDIS_URL: 'redis://127.0.0.1:1' }
      return promisify(execFile)(process.execPath, [path, ...args], { env })
    }

    const byQuestion = (await runTrace(question_id, `--logs=${logFile}`)).stdout

    const steps = ['reply_claimed', 'question stored', 'audited: send', 'model called', 'model called', 'reply ended']
    const offsets = steps.map((step) => byQuestion.indexOf(step))
    t.ok(!offsets.includes(-1), byQuestion)
    t.same(
      offsets,
      offsets.toSorted((a, b) => a - b),
      'the steps are in order of time',
    )
    t.match(byQuestion, `request_id=${REQUEST_ID}`)
    t.match(byQuestion, /outcome=failed code=llm_timeout/)
    t.notMatch(byQuestion, 'private')
    for (const id of [reply_id, REQUEST_ID]) t.equal((await runTrace(id, `--logs=${logFile}`)).stdout, byQuestion, id)
    await t.rejects(runTrace('unknown-id'), /Nothing has this id/)
  },
)

t.test('[TRACE2] the logs alone lead from any request about a question or its reply to both, in linear time', (t) => {
  const lines = new LogLines()
  // Docker Compose writes the name of the container before each line.
  const addLine = (event: string, fields: object) =>
    lines.add(`api-1  | ${JSON.stringify({ time: '2026-01-01T00:00:00Z', service: 'api', pid: 1, event, ...fields })}`)
  addLine('EngineerChat.message_sent', { request_id: 'r1', message_id: 'q1', question_id: 'q1', reply_id: 'a1' })
  addLine('EngineerChat.reply_finished', { message_id: 'a1', question_id: 'q1', reply_id: 'a1' })
  addLine('EngineerChat.reply_cancel_requested', { request_id: 'r2', message_id: 'a1', reply_id: 'a1' })
  addLine('EngineerChat.feedback_given', { request_id: 'r3', message_id: 'a1', reason: 'down' })
  for (let index = 0; index < 50_000; index += 1)
    addLine('EngineerChat.message_sent', { request_id: 'other', question_id: `q-${index}` })

  for (const request_id of ['r1', 'r2', 'r3']) {
    const foundLines = lines.findLines(new Set([request_id]))
    t.same(
      foundLines.map(({ eventName }) => eventName.replace('EngineerChat.', '')).toSorted(),
      ['feedback_given', 'message_sent', 'reply_cancel_requested', 'reply_finished'],
      request_id,
    )
  }
  t.equal(lines.findLines(new Set(['other'])).length, 50_000)
  t.end()
})
