import { LlmError } from '@engineer-chat/chat/models'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { RENEW_INTERVAL_MS, RETRY_PAUSE_MS, runCallbacks, startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createFailure = (code: LlmError['code']) => new LlmError(code, 'for logs', { transient: true })

t.test('[ANSWER1] an answer is stored with its model, its prompt and its usage', async (t) => {
  const worker = await startWorker([['Isolate ', 'it.', createFinish()]])

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getRow(), {
    attempt: 1,
    message: { message_type: 'chat', message_from: 'ai_assistant', sender_type: 'ai' },
  })
  t.strictSame(worker.getContent(), {
    content: 'Isolate it.',
    prompt_version: 'answer/5',
    sources: [
      { id: 'ev1', kind: 'event', label: 'event' },
      { id: 'ev2', kind: 'description', label: 'description' },
      { id: 'ev3', kind: 'context', label: 'context' },
    ],
    model: 'scripted',
    finish_reason: 'stop',
    usage: { prompt_tokens: 10, completion_tokens: 5 },
    attempts: 1,
  })
})

t.test('[ANSWER1] an answer streams into the room, and its row follows in one change', async (t) => {
  const worker = await startWorker([['Isolate ', 'it.', createFinish()]])

  await answerReply(worker.ctx, worker.ref, notAborted)
  await runCallbacks()

  t.strictSame(worker.publishedHints, [
    { type: 'delta', attempt: 1, text: 'Isolate ' },
    { type: 'delta', attempt: 1, text: 'it.' },
    { type: 'change' },
  ])
})

t.test('[ANSWER1] the call of an answer is recorded and measured', async (t) => {
  const worker = await startWorker([['Isolate it.', createFinish()]])

  await answerReply(worker.ctx, worker.ref, notAborted)

  const call = { attempt: 1, model: 'scripted', outcome: 'ok', error_code: null, first_token_ms: 0 }
  t.match(worker.stores.data.calls, [call])
  t.match(worker.measured, [{ model: 'scripted', outcome: 'chat' }])
})

t.test('[ANSWER1] the session’s next question is queued when the one before it has its answer', async (t) => {
  const worker = await startWorker([['Yes.', createFinish()]])
  const second = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  t.equal(second.job, null)
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: second.reply.message.message_id, attempt: 0 }])
})

t.test('[ANSWER1] a reply that another worker holds, or that is finished, is left alone', async (t) => {
  const gate = createGate()
  const llm = createScriptedLlm([[gate, 'Yes.', createFinish()]])
  const worker = await startWorkerWithModels([llm])
  const first = answerReply(worker.ctx, worker.ref, notAborted)
  await llm.waitForCall(1)
  await answerReply(worker.ctx, worker.ref, notAborted)
  gate.open()
  await first
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(llm.requests.length, 1)
  t.equal(worker.getContent()?.content, 'Yes.')
})

t.test('[ANSWER5] the lease is renewed while the model writes, so that no other worker takes the reply', async (t) => {
  const gate = createGate()
  const llm = createScriptedLlm([[gate, 'Done.', createFinish()]])
  const worker = await startWorkerWithModels([llm])
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await llm.waitForCall(1)
  await worker.passTime(25_000)
  t.strictSame(await worker.stores.replies.takeDue(10, 1_000), [])
  t.equal(await worker.stores.replies.claim(worker.ref.message_id, 8_000), undefined)
  gate.open()
  await done
  t.equal(worker.getContent()?.content, 'Done.')
})

t.test('[ANSWER5] a worker that is fenced out stops at its next renewal and writes nothing', async (t) => {
  const llm = createScriptedLlm([
    ['Old', createGate()],
    ['New.', createFinish()],
  ])
  const worker = await startWorkerWithModels([llm])
  const stale = answerReply(worker.ctx, worker.ref, notAborted)
  await llm.waitForCall(1)
  worker.stores.expireLease(worker.ref.message_id)
  await answerReply(worker.ctx, worker.ref, notAborted)

  await worker.clock.advance(RENEW_INTERVAL_MS)
  await stale

  t.match(worker.getRow(), { attempt: 2, message: { message_content: { content: 'New.' } } })
  const line = worker.log.lines.find(({ event }) => event === 'EngineerChat.reply_left')
  t.match(line, { fields: { reason: 'fenced' } })
})

for (const [how, isHinted] of [
  ['immediately by the hint', true],
  ['at the next renewal without a hint', false],
] as const) {
  t.test(`[ANSWER6] a cancelled reply ends as chat with what was written, ${how}`, async (t) => {
    const llm = createScriptedLlm([['So far', createGate()]])
    const worker = await startWorkerWithModels([llm])
    const done = answerReply(worker.ctx, worker.ref, notAborted)
    await llm.waitForCall(1)
    await runCallbacks()

    await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
    if (isHinted) worker.hints.bus.publishCancel(worker.ref.message_id)
    else await worker.clock.advance(RENEW_INTERVAL_MS)
    await done

    t.match(worker.getRow(), { message: { message_type: 'chat', message_from: 'ai_assistant' } })
    t.match(worker.getContent(), { content: 'So far', finish_reason: 'cancelled', model: 'scripted', attempts: 1 })
    t.match(worker.stores.data.calls, [{ outcome: 'cancelled' }])
  })
}

t.test('[ANSWER6] a hint alone cancels nothing', async (t) => {
  const gate = createGate()
  const llm = createScriptedLlm([['So far', gate, '.', createFinish()]])
  const worker = await startWorkerWithModels([llm])
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await llm.waitForCall(1)

  worker.hints.bus.publishCancel(worker.ref.message_id)
  await runCallbacks()
  gate.open()
  await done

  t.match(worker.getContent(), { content: 'So far.', finish_reason: 'stop' })
})

t.test('[ANSWER6] a reply that was cancelled before its claim makes no call', async (t) => {
  const worker = await startWorkerWithModels([createScriptedLlm([[createGate()]])])
  await worker.stores.replies.claim(worker.ref.message_id, 8_000)
  await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  worker.stores.expireLease(worker.ref.message_id)

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getContent(), { content: '', finish_reason: 'cancelled' })
  t.equal(worker.stores.data.calls.length, 0)
})

t.test('[ANSWER6] a reply can be cancelled while it waits to try again', async (t) => {
  const worker = await startWorker([['Iso', createFailure('llm_unavailable')]])
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await worker.clock.waitForSleep(...RETRY_PAUSE_MS)
  await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  worker.hints.bus.publishCancel(worker.ref.message_id)
  await done
  t.match(worker.getContent(), { content: 'Iso', finish_reason: 'cancelled' })
})

t.test('[ANSWER9] a shutdown releases the reply, and its try does not count', async (t) => {
  const { worker, done, shutdown } = await aReplyInProgress()

  shutdown.abort(new Error('SIGTERM'))
  await done

  t.equal(worker.getRow()?.message.message_type, 'thinking')
  t.equal(worker.stores.data.messages.get(worker.ref.message_id)?.reply?.tries, 0)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: worker.ref.message_id, attempt: 1 }])
})

t.test('[ANSWER9] a worker that shuts down takes no reply; another one begins again', async (t) => {
  const { worker, llm, done, shutdown } = await aReplyInProgress()
  shutdown.abort(new Error('SIGTERM'))
  await done

  await answerReply(worker.ctx, worker.ref, shutdown.signal)
  const calls = llm.requests.length
  await answerReply(worker.ctx, worker.ref, notAborted)

  t.equal(calls, 1)
  t.match(worker.getRow(), { attempt: 2, message: { message_content: { content: 'Whole.' } } })
})

t.test('[ANSWER18] broken characters in the text of a model are repaired', async (t) => {
  const worker = await startWorker([['half \ud83d', ' and null \0.', createFinish()]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(worker.getContent()?.content, 'half \ufffd and null \ufffd.')
})

t.test('[ANSWER18] the length of the text of a model is bounded', async (t) => {
  const worker = await startWorker(() => Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(995)}`))
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { finish_reason: 'length' })
  t.ok((worker.getContent()?.content.length ?? 0) < 210_000)
})

t.test('[ANSWER18] an empty answer is asked for once more', async (t) => {
  const worker = await startWorker([
    [' \n', createFinish()],
    ['Now.', createFinish()],
  ])

  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await worker.passRetryPause()
  await done

  t.match(worker.getContent(), { content: 'Now.', attempts: 2 })
})

t.test('[ANSWER18] the reasoning of a model is not part of its answer', async (t) => {
  const worker = await startWorker([[{ type: 'reasoning', text: 'Hm.' }, 'Yes.', createFinish('length')]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { content: 'Yes.', finish_reason: 'length' })
  t.notMatch(JSON.stringify(worker.publishedHints), /Hm/)
})

t.test('[ANSWER19] no line of the log holds a word of question or answer', async (t) => {
  const worker = await startWorker(
    [
      ['Iso-SECRET', createFailure('llm_unavailable')],
      ['Answer-SECRET', createFinish()],
    ],
    'Question-SECRET?',
  )
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await worker.passRetryPause()
  await done
  t.ok(worker.log.lines.length >= 3)
  t.notMatch(JSON.stringify(worker.log.lines), /SECRET/)
})

/** Starts a worker that has written half of its answer. */
async function aReplyInProgress() {
  const llm = createScriptedLlm([
    ['Half', createGate()],
    ['Whole.', createFinish()],
  ])
  const worker = await startWorkerWithModels([llm])
  const shutdown = new AbortController()
  const done = answerReply(worker.ctx, worker.ref, shutdown.signal)
  await llm.waitForCall(1)
  return { worker, llm, done, shutdown }
}
