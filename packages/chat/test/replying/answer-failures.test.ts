import { type Llm, LlmError } from '@engineer-chat/chat/models'
import { answerReply, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { RENEW_INTERVAL_MS, runCallbacks, startWorker, startWorkerWithModels, TIMEOUT_MS } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createFailure = (code: LlmError['code'], transient: boolean, retryAfterMs?: number) =>
  new LlmError(code, 'for logs', { transient, ...(retryAfterMs !== undefined && { retryAfterMs }) })

/** Answers a reply whose first call fails, and ends the pause before the second call. */
async function answerTwice(worker: Awaited<ReturnType<typeof startWorker>>): Promise<void> {
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await worker.passRetryPause()
  await done
  await runCallbacks()
}

for (const code of ['llm_timeout', 'llm_unreachable', 'llm_unavailable', 'llm_stream_cut'] as const) {
  t.test(`[ANSWER2] a transient failure is tried once more after a pause, as a new attempt: ${code}`, async (t) => {
    const worker = await startWorker([
      ['Iso', createFailure(code, true)],
      ['Isolate it.', createFinish()],
    ])

    await answerTwice(worker)

    t.match(worker.getContent(), { content: 'Isolate it.', attempts: 2, finish_reason: 'stop' })
    t.match(worker.publishedHints, [
      { attempt: 1, text: 'Iso' },
      { attempt: 2, text: 'Isolate it.' },
      { type: 'change' },
    ])
    t.equal(worker.stores.data.calls.length, 2)
    t.match(worker.stores.data.calls, [
      { attempt: 1, outcome: 'failed', error_code: code },
      { attempt: 2, outcome: 'ok' },
    ])
  })
}

t.test('[ANSWER2] a second transient failure ends the reply', async (t) => {
  const worker = await startWorker([[createFailure('llm_unavailable', true)]])

  await answerTwice(worker)

  t.match(worker.getRow(), { message: { message_type: 'error', message_from: 'system', sender_type: 'system' } })
  const error = { code: 'llm_unavailable', retryable: true }
  t.match(worker.getContent(), { error, attempts: 2, finish_reason: 'error' })
  t.equal(worker.stores.data.calls.length, 2)
})

for (const code of ['llm_rejected', 'llm_unauthorized'] as const) {
  t.test(`[ANSWER2] a permanent failure ends the reply immediately: ${code}`, async (t) => {
    const worker = await startWorker([[createFailure(code, false)]])
    await answerReply(worker.ctx, worker.ref, notAborted)
    t.match(worker.getContent(), { error: { code, retryable: false }, attempts: 1 })
  })
}

t.test('[ANSWER2] a defect of this system ends the reply as internal', async (t) => {
  const worker = await startWorker([[new TypeError('x is not a function')]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { error: { code: 'internal', retryable: true } })
})

t.test(
  '[ANSWER3] a Retry-After of up to 30 s of a model that is down is waited for, while the lease is renewed',
  async (t) => {
    const worker = await startWorker([[createFailure('llm_unavailable', true, 12_000)], ['Now.', createFinish()]])

    const done = answerReply(worker.ctx, worker.ref, notAborted)
    const pauseMs = await worker.clock.waitForSleep(12_000, 12_500)
    await worker.passTime(pauseMs)
    await done

    t.equal(worker.getContent()?.content, 'Now.')
  },
)

t.test('[ANSWER3] a longer Retry-After ends the reply', async (t) => {
  const worker = await startWorker([[createFailure('llm_unavailable', true, 30_001)], ['Now.', createFinish()]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { error: { code: 'llm_unavailable', retryable: true }, attempts: 1 })
})

const hanging = createScriptedLlm([['Well', createGate()]])
const unabortable: Llm = {
  model: 'unabortable',
  provider: 'test',
  async *stream() {
    yield { type: 'text', text: 'Well' }
    await createGate()
  },
}

for (const [title, llm] of [
  ['that hangs in the middle of its answer', hanging],
  ['that ignores its signal', unabortable],
] as const) {
  t.test(`[ANSWER4] the whole call has a time limit, also to a model ${title}`, async (t) => {
    const worker = await startWorkerWithModels([llm])

    const done = answerReply(worker.ctx, worker.ref, notAborted)
    await worker.clock.waitForSleep(TIMEOUT_MS)
    await worker.passTime(TIMEOUT_MS)
    await worker.passRetryPause()
    await worker.clock.waitForSleep(TIMEOUT_MS)
    await worker.passTime(TIMEOUT_MS)
    await done

    t.match(worker.getContent(), { error: { code: 'llm_timeout', retryable: true }, attempts: 2 })
  })
}

for (const [text, pattern] of [
  ['What now?', /interrupted several times/],
  ['现在怎么办？', /多次被中断/],
] as const) {
  t.test(`[ANSWER7] after five claims that died with their worker the reply ends as an error: ${text}`, async (t) => {
    const llm = createScriptedLlm([['Yes.', createFinish()]])
    const worker = await startWorkerWithModels([llm], text)
    for (let death = 0; death < 5; death++) {
      await worker.stores.replies.claim(worker.ref.message_id, 8_000)
      worker.stores.expireLease(worker.ref.message_id)
    }

    await answerReply(worker.ctx, worker.ref, notAborted)

    t.match(worker.getContent(), { content: pattern, error: { code: 'worker_lost', retryable: true } })
    t.equal(llm.requests.length, 0)
  })
}

t.test('[ANSWER8] an error row helps in the asker’s language and holds no internals', async (t) => {
  const worker = await startWorker([[createFailure('llm_unauthorized', false)]], '@AI 下一步？')
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent()?.content, /AI 模型不接受/)
  t.notMatch(JSON.stringify(worker.getContent()), /for logs/)
})

t.test('[ANSWER8] an error row in English says that the question is saved', async (t) => {
  const worker = await startWorker([[createFailure('llm_stream_cut', false)]])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent()?.content, /broke off.*Your question is saved/)
})

t.test(
  '[ANSWER10] an answer that cannot be stored is kept, stored by a later attempt, and published then',
  async (t) => {
    const worker = await startWorker([['Kept.', createFinish()]])
    let failuresLeft = 3
    const replies: typeof worker.ctx.replies = {
      ...worker.stores.replies,
      finish: async (ref, outcome) => {
        if (failuresLeft-- > 0) throw new Error('the connection is gone')
        return worker.stores.replies.finish(ref, outcome)
      },
    }
    const done = answerReply({ ...worker.ctx, replies }, worker.ref, notAborted)
    for (const [from, to] of [
      [100, 200],
      [201, 400],
      [401, 800],
    ] as const) {
      await worker.clock.advance(await worker.clock.waitForSleep(from, to))
    }
    await done
    await runCallbacks()
    t.equal(worker.getContent()?.content, 'Kept.')
    t.equal(worker.stores.data.calls.length, 1, 'the model was asked once')
    t.strictSame(worker.publishedHints.at(-1), { type: 'change' })
  },
)

t.test('[ANSWER10] a reply that fails before the model is asked is queued again by the sweep', async (t) => {
  const worker = await startWorker([['Later.', createFinish()]])
  const replies = { ...worker.stores.replies, findContext: () => Promise.reject(new Error('the connection is gone')) }
  await t.rejects(answerReply({ ...worker.ctx, replies }, worker.ref, notAborted), /gone/)
  t.equal(await requeueDueReplies(worker.ctx), 0, 'its lease runs')
  await worker.clock.advance(8_001)
  t.equal(await requeueDueReplies(worker.ctx), 1)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: worker.ref.message_id, attempt: 1 }])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(worker.getContent()?.content, 'Later.')
})

t.test('[ANSWER10] an answer is completed even if renewals of its lease and the record of its call fail', async (t) => {
  const gate = createGate()
  const llm = createScriptedLlm([['Still ', gate, 'here.', createFinish()]])
  const worker = await startWorkerWithModels([llm])
  const fail = () => Promise.reject(new Error('the connection is gone'))
  const done = answerReply(
    { ...worker.ctx, replies: { ...worker.stores.replies, renew: fail, recordCall: fail } },
    worker.ref,
    notAborted,
  )
  await llm.waitForCall(1)
  await worker.clock.advance(RENEW_INTERVAL_MS)
  gate.open()
  await done
  t.equal(worker.getContent()?.content, 'Still here.')
})
