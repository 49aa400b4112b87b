import { isFromBusyModel, type Llm, LlmError } from '@engineer-chat/chat/models'
import { answerReply, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createFinish, createScriptedLlm, type Script } from '@engineer-chat/chat/testing'
import t from 'tap'
import { computePauseMs } from '../../src/replying/waiting/postpone-reply.ts'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { DEADLINE_MS, runCallbacks, startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createBusyError = (retryAfterMs?: number) =>
  new LlmError('llm_rate_limited', 'for logs', {
    transient: true,
    status: 429,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
const downError = new LlmError('llm_unauthorized', 'for logs', { transient: false, status: 401 })
const createAnsweringLlm = (model: string, script: Script = [['Isolate it.', createFinish('stop', model)]]) =>
  createScriptedLlm(script, model)
const createAnalyst = (): Llm => ({ ...createAnsweringLlm('offline-analyst'), provider: 'offline' })

type TestWorker = Awaited<ReturnType<typeof startWorker>>

const answer = ({ ctx, ref }: TestWorker) => answerReply(ctx, ref, notAborted)
const readState = ({ stores, ref }: TestWorker) => stores.data.messages.get(ref.message_id)?.reply

t.test('[BUSY1] 429, and 503 with Retry-After, mean busy; every other failure means down', async (t) => {
  const table: Array<[status: number | undefined, retryAfterMs: number | undefined, expected: boolean]> = [
    [429, undefined, true],
    [429, 0, true],
    [429, 3_600_000, true],
    [503, 0, true],
    [503, 2_000, true],
    [503, undefined, false],
    [500, 2_000, false],
    [502, 2_000, false],
    [504, undefined, false],
    [529, undefined, false],
    [408, 2_000, false],
    [409, 2_000, false],
    [402, 2_000, false],
    [401, undefined, false],
    [undefined, undefined, false],
  ]
  for (const [status, retryAfterMs, expected] of table) {
    const options = {
      transient: true,
      ...(status !== undefined && { status }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }
    const failure = new LlmError('llm_unavailable', 'for logs', options)
    t.equal(isFromBusyModel(failure), expected, `${status}, ${retryAfterMs}`)
  }
})

t.test('[BUSY1] a free model of the chain answers immediately, and the answer says which model was busy', async (t) => {
  const [first, second] = [createAnsweringLlm('first', [[createBusyError(20_000)]]), createAnsweringLlm('second')]
  const worker = await startWorkerWithModels([first, createAnalyst(), second])
  await answer(worker)
  t.match(worker.getContent(), {
    model: 'second',
    finish_reason: 'fallback',
    fallback: { from: 'first', code: 'llm_rate_limited' },
    attempts: 2,
  })
})

t.test('[BUSY1] the analyst stands in for a model that is down, not for a busy one', async (t) => {
  const worker = await startWorkerWithModels([
    createAnsweringLlm('first', [[createBusyError()]]),
    createAnsweringLlm('second', [[downError]]),
    createAnalyst(),
  ])
  await answer(worker)
  t.match(worker.getRow(), { message: { message_type: 'thinking' } })
  t.equal(readState(worker)?.lease_until, null)
})

t.test('[BUSY1] a model that refuses after its first text is not busy, and is asked again soon', async (t) => {
  const worker = await startWorker([
    ['Iso', createBusyError()],
    ['Isolate it.', createFinish()],
  ])
  const done = answer(worker)
  await worker.passRetryPause()
  await done
  t.match(worker.getContent(), { content: 'Isolate it.', attempts: 2 })
})

t.test('[BUSY2] where no model is free, the reply is postponed, and no reader sees a change', async (t) => {
  const counted: string[] = []
  const worker = await startWorker([[createBusyError(12_000)], ['Now.', createFinish()]])
  const before = worker.getRow()?.message

  await answerReply({ ...worker.ctx, countPostponed: (model) => void counted.push(model) }, worker.ref, notAborted)
  await runCallbacks()

  t.strictSame(worker.getRow()?.message, before, 'the same row, with the same number')
  t.same(worker.publishedHints, [])
  // The jitter is up to a quarter of the 12 s, and the clock's random value is 0.5.
  t.match(readState(worker), { lease_until: null, tries: 0, due_at: worker.clock.now() + 13_500 })
  t.match(worker.hints.queue.delayed, [{ message_id: worker.ref.message_id, attempt: 1, delayMs: 13_500 }])
  t.same(counted, ['scripted'])
})

t.test('[BUSY2] ten refusals count no try, and the reply is answered when a model is free', async (t) => {
  const refusals = Array.from({ length: 10 }, () => [createBusyError()])
  const worker = await startWorker([...refusals, ['Now.', createFinish()]])
  for (let claims = 0; claims < 11; claims++) {
    await answer(worker)
    await worker.clock.advance((readState(worker)?.due_at ?? 0) - worker.clock.now())
  }
  t.match(worker.getContent(), { content: 'Now.', finish_reason: 'stop', attempts: 1 }, 'the calls of the last claim')
  t.equal(worker.getRow()?.attempt, 11)
})

t.test(
  '[BUSY2] the pause is the one that the model asked for, or grows with the wait, and always has jitter',
  async (t) => {
    const listShortestAndLongest = (retryAfterMs: number | null, waitedMs: number) =>
      [0, 1].map((random) => computePauseMs([{ id: 'a', retryAfterMs, isFull: false }], waitedMs, random))
    t.same(listShortestAndLongest(null, 0), [500, 1_500])
    t.same(listShortestAndLongest(null, 20_000), [2_500, 7_500])
    t.same(listShortestAndLongest(null, 500_000), [7_500, 22_500])
    t.same(listShortestAndLongest(2_000, 0), [2_000, 3_000])
    t.same(listShortestAndLongest(60_000, 0), [60_000, 75_000], 'never earlier than the model said')
    const twoModels = [
      { id: 'a', retryAfterMs: 60_000, isFull: false },
      { id: 'b', retryAfterMs: 3_000, isFull: true },
    ]
    t.equal(computePauseMs(twoModels, 0, 0), 3_000, 'the model that is free first counts')
  },
)

t.test('[BUSY2] the reservation of a question stays while its reply is postponed', async (t) => {
  const worker = await startWorker([[createBusyError()], ['Now.', createFinish()]], undefined, {
    budgets: { all: { tokens: 100_000 } },
  })
  await answer(worker)
  const reservedTokens = [...worker.stores.data.spend.values()].map(({ tokens_held }) => tokens_held)
  t.ok(reservedTokens.length === 1 && (reservedTokens[0] ?? 0) > 100, `${reservedTokens} tokens are reserved`)
  await worker.clock.advance(2_000)
  await answer(worker)
  t.match([...worker.stores.data.spend.values()], [{ tokens_held: 0, tokens_spent: 15 }])
})

t.test('[BUSY3] the sweep finds a postponed reply when it is due, and not before', async (t) => {
  const worker = await startWorker([[createBusyError(12_000)], ['Now.', createFinish()]])
  await answer(worker)
  t.equal(await requeueDueReplies(worker.ctx), 0)
  await worker.clock.advance(13_500)
  t.equal(await requeueDueReplies(worker.ctx), 1)
  t.strictSame(worker.hints.queue.waiting, [{ message_id: worker.ref.message_id, attempt: 1 }])
})

t.test('[BUSY3] later questions of the session wait for a postponed reply', async (t) => {
  const worker = await startWorker([[createBusyError()], ['First.', createFinish()], ['Second.', createFinish()]])
  const next = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  const later = { message_id: next.reply.message.message_id, attempt: 0 }
  await answer(worker)
  await answerReply(worker.ctx, later, notAborted)
  t.match(worker.stores.data.messages.get(later.message_id)?.row, { attempt: 0 }, 'it could not be claimed')
  await worker.clock.advance(2_000)
  await answer(worker)
  t.equal(worker.getContent()?.content, 'First.')
  t.same(worker.hints.queue.waiting, [later])
})

t.test('[BUSY3] a postponed reply is cancelled immediately', async (t) => {
  const model = createAnsweringLlm('first', [[createBusyError()]])
  const worker = await startWorkerWithModels([model])
  await answer(worker)
  const cancelled = await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  t.match(cancelled, { claimed: false, row: { message: { message_content: { finish_reason: 'cancelled' } } } })
  await worker.clock.advance(2_000)
  await answer(worker)
  t.equal(model.requests.length, 1)
})

t.test('[BUSY3] a reply that was cancelled while its model was asked is not postponed', async (t) => {
  let cancelled: Promise<unknown> | undefined
  const worker: TestWorker = await startWorker(() => {
    cancelled = worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
    return [createBusyError()]
  })
  await answer(worker)
  await cancelled
  t.match(worker.getContent(), { content: '', finish_reason: 'cancelled', attempts: 1 })
})

t.test('[BUSY3] a worker that lost the reply meanwhile postpones nothing', async (t) => {
  const worker: TestWorker = await startWorker(() => {
    worker.stores.expireLease(worker.ref.message_id)
    void worker.stores.replies.claim(worker.ref.message_id, 60_000)
    return [createBusyError()]
  })
  await answer(worker)
  t.match(readState(worker), { tries: 2, lease_until: worker.clock.now() + 60_000 })
  t.match(worker.log.lines.at(-1), { event: 'EngineerChat.reply_left', fields: { reason: 'fenced' } })
})

t.test(
  '[BUSY4] at the deadline the model is asked once more; then the analyst answers, and the answer says so',
  async (t) => {
    const first = createAnsweringLlm('first', [[createBusyError(3_600_000)]])
    const analyst = createAnalyst()
    const worker = await startWorkerWithModels([first], undefined, { analyst })
    const startedAt = worker.clock.now()
    await answer(worker)
    t.equal(readState(worker)?.due_at, startedAt + DEADLINE_MS, 'it is due at the deadline, if Retry-After is later')
    await worker.clock.advance(DEADLINE_MS - 1)
    await answer(worker)
    t.match(worker.getRow(), { message: { message_type: 'thinking' } }, 'a millisecond before')
    await worker.clock.advance(1)
    await answer(worker)
    t.match(worker.getRow(), { message: { message_type: 'chat' } })
    t.match(worker.getContent(), {
      finish_reason: 'fallback',
      fallback: { from: 'first', code: 'llm_rate_limited' },
      attempts: 2,
    })
    t.equal(first.requests.length, 3)
  },
)

t.test('[BUSY4] at the deadline nothing follows an analyst that fails, and the log says so', async (t) => {
  const analyst: Llm = { ...createAnsweringLlm('offline-analyst', [[downError]]), provider: 'offline' }
  const worker = await startWorkerWithModels([createAnsweringLlm('first', [[createBusyError()]])], undefined, {
    analyst,
  })
  await worker.clock.advance(DEADLINE_MS)
  await answer(worker)
  t.match(worker.getContent(), { error: { code: 'llm_unauthorized' }, attempts: 2 })
  const failures = worker.log.lines.filter(({ event }) => event === 'EngineerChat.llm_call_failed')
  t.match(failures, [
    { fields: { model: 'first', reason: 'busy' } },
    { fields: { model: 'offline-analyst', reason: 'give_up' } },
  ])
})

t.test('[BUSY4] without an analyst the reply ends as an error that may be tried again', async (t) => {
  const worker = await startWorker([[createBusyError()]])
  await worker.clock.advance(DEADLINE_MS)
  await answer(worker)
  t.match(worker.getContent(), { error: { code: 'llm_rate_limited', retryable: true }, attempts: 1 })
})

t.test('[BUSY4] a retried reply has the whole time until its deadline again', async (t) => {
  const worker = await startWorker([[createBusyError()]])
  await worker.clock.advance(DEADLINE_MS)
  await answer(worker)
  await worker.stores.messages.retry(worker.place.owner, worker.ref.message_id)
  await answer(worker)
  t.match(worker.getRow(), { message: { message_type: 'thinking' } })
  t.equal(readState(worker)?.lease_until, null)
})
