import { LlmError } from '@engineer-chat/chat/models'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish } from '@engineer-chat/chat/testing'
import t from 'tap'
import { startWorker } from './reply-harness.ts'

const notAborted = new AbortController().signal

t.test('[TRACE1] every line of a reply names its request, question, reply and asker', async (t) => {
  const failure = new LlmError('llm_unauthorized', 'for logs', { transient: false })
  for (const script of [['Isolate it.', createFinish()], [failure]]) {
    const worker = await startWorker([script])
    const { message_id, reply_to, user_id, event_id, chat_session_id } = worker.getRow()?.message ?? {}

    await answerReply(worker.ctx, { ...worker.ref, request_id: 'a-request' }, notAborted)

    const events = worker.log.lines.map(({ event }) => event.replace('EngineerChat.', ''))
    t.ok(
      ['reply_claimed', 'llm_call_ended', 'reply_finished'].every((event) => events.includes(event)),
      events.join(),
    )
    const ids = { request_id: 'a-request', question_id: reply_to, reply_id: message_id, message_id }
    for (const { event, fields } of worker.log.lines)
      t.match(fields, { ...ids, user_id, event_id, session_id: chat_session_id }, event)
  }
})

t.test('[TRACE1] a reply whose job was lost is answered without the request’s id', async (t) => {
  const worker = await startWorker([['Isolate it.', createFinish()]])

  await answerReply(worker.ctx, worker.ref, notAborted)

  for (const { event, fields } of worker.log.lines) t.match(fields, { request_id: undefined, reply_id: String }, event)
})
