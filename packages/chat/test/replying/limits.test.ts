import type { ModelCapacity } from '@engineer-chat/chat/models'
import { answerReply, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion, createSession } from '../../testing/contracts/harness.ts'
import { startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal
const ONE_CALL: ModelCapacity = { maxConcurrent: 1, requestsPerMinute: null, tokensPerMinute: null }

/** Starts a worker with two replies in different sessions. The call of the first one waits for the gate. */
async function startTwoReplies(
  capacity: ModelCapacity | undefined,
  ...fallbacks: ReturnType<typeof createScriptedLlm>[]
) {
  const gate = createGate()
  const model = createScriptedLlm(
    [
      [gate, 'First.', createFinish()],
      ['Second.', createFinish()],
    ],
    'scripted',
  )
  const worker = await startWorkerWithModels([model, ...fallbacks], undefined, capacity && { capacity })
  await createSession(worker.stores, worker.place)
  const asked = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  const second = { message_id: asked.reply.message.message_id, attempt: 0 }
  const first = answerReply(worker.ctx, worker.ref, notAborted)
  await model.waitForCall(1)
  const readSecond = () => worker.stores.data.messages.get(second.message_id)
  return { worker, model, gate, first, second, readSecond }
}

t.test('[SLOT4] a reply whose model is full waits, and the end of an earlier call wakes it', async (t) => {
  const { worker, model, gate, first, second, readSecond } = await startTwoReplies(ONE_CALL)

  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond(), { row: { attempt: 1 }, reply: { lease_until: null, tries: 0 } })
  t.equal(model.requests.length, 1, 'the model was not called')
  t.equal(worker.stores.data.calls.length, 0, 'and no call is recorded')
  t.same(worker.hints.queue.waiting, [])

  gate.open()
  await first
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond()?.row.message.message_content, { content: 'Second.', finish_reason: 'stop', attempts: 1 })
})

t.test('[SLOT4] the sweep wakes a reply whose waking was lost', async (t) => {
  const { worker, gate, first, second } = await startTwoReplies(ONE_CALL)
  await answerReply(worker.ctx, second, notAborted)
  gate.open()
  await first
  worker.hints.queue.flush()
  await requeueDueReplies(worker.ctx)
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
})

t.test('[SLOT4] a call that ends while another reply is being postponed still wakes that reply', async (t) => {
  const { worker, gate, first, second } = await startTwoReplies(ONE_CALL)
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    async postpone(ref, plan) {
      gate.open()
      await first
      return worker.stores.replies.postpone(ref, plan)
    },
  }
  await answerReply({ ...worker.ctx, replies }, second, notAborted)
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
})

t.test('[ANSWER6] a reply that is cancelled before any model was called names no model and no sources', async (t) => {
  const { worker, gate, first, second, readSecond } = await startTwoReplies(ONE_CALL)
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    async takeSlot(ref, request) {
      await worker.stores.messages.cancel(worker.place.owner, second.message_id)
      return worker.stores.replies.takeSlot(ref, request)
    },
  }
  await answerReply({ ...worker.ctx, replies }, second, notAborted)
  t.strictSame(readSecond()?.row.message.message_content, { content: '', finish_reason: 'cancelled', attempts: 0 })
  t.strictSame(worker.measured, [{ model: 'none', outcome: 'cancelled', duration_ms: 0 }])
  gate.open()
  await first
})

t.test('[BUSY1] another model of the chain answers where the first one is full', async (t) => {
  const other = createScriptedLlm([['Elsewhere.', createFinish('stop', 'other')]], 'other')
  const { worker, second, readSecond, gate, first } = await startTwoReplies(ONE_CALL, other)
  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond()?.row.message.message_content, {
    content: 'Elsewhere.',
    fallback: { from: 'scripted', code: 'llm_rate_limited' },
    attempts: 1,
  })
  gate.open()
  await first
})

t.test('[SLOT3] the tokens that a call took replace its estimate', async (t) => {
  const capacity = { maxConcurrent: null, requestsPerMinute: null, tokensPerMinute: 100_000 }
  const worker = await startWorker([['Yes.', createFinish()]], undefined, { capacity })
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.stores.data.slots, [{ tokens: 15 }])
})

t.test('[SLOT5] a call to a model without limits takes no slot and wakes no reply', async (t) => {
  const { worker, second, gate, first, readSecond } = await startTwoReplies(undefined)
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    takeSlot: () => Promise.reject(new Error('a slot was asked for')),
    findSlotFacts: () => Promise.reject(new Error('somebody was to be woken')),
  }
  await answerReply({ ...worker.ctx, replies }, second, notAborted)
  t.equal(readSecond()?.row.message.message_content.content, 'Second.')
  gate.open()
  await first
  t.same(
    worker.log.lines.filter(({ event }) => event === 'EngineerChat.waiting_not_woken'),
    [],
  )
})
