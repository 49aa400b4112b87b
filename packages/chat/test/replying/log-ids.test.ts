import { LlmError } from '@engineer-chat/chat/models'
import { answerReply, type ReplyStore } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { startWorker, startWorkerWithModels } from './reply-harness.ts'

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

t.test('[TRACE1] a reply whose job names no request is logged with the request id of its row', async (t) => {
  const worker = await startWorker([['Isolate it.', createFinish()]])
  const claim: ReplyStore['claim'] = async (...args) => {
    const claimed = await worker.ctx.replies.claim(...args)
    return claimed && { ...claimed, request_id: 'a-request' }
  }

  await answerReply({ ...worker.ctx, replies: { ...worker.ctx.replies, claim } }, worker.ref, notAborted)

  t.equal(worker.getRow()?.message.message_type, 'chat')
  for (const { event, fields } of worker.log.lines) t.equal(fields.request_id, 'a-request', event)
})

t.test('[TRACE1] the next job of a postponed or released reply names the request and the trace', async (t) => {
  const origin = { request_id: 'a-request', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` }
  const busy = new LlmError('llm_rate_limited', 'busy', { transient: true, status: 429 })
  const postponing = await startWorker([[busy]])
  await answerReply(postponing.ctx, { ...postponing.ref, ...origin }, notAborted)
  t.match(postponing.hints.queue.delayed.at(-1), { ...postponing.ref, attempt: 1, ...origin })

  const stopping = new AbortController()
  const llm = createScriptedLlm([[createGate()]])
  const released = await startWorkerWithModels([llm])
  const done = answerReply(released.ctx, { ...released.ref, ...origin }, stopping.signal)
  await llm.waitForCall(1)
  stopping.abort()
  await done
  t.match(released.hints.queue.waiting.at(-1), { ...released.ref, attempt: 1, ...origin })
})
