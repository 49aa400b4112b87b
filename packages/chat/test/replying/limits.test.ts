import type { ModelCapacity } from '@engineer-chat/chat/models'
import { answerReply, requeueDueReplies } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion, createSession } from '../../testing/contracts/harness.ts'
import { startWorker } from './reply-harness.ts'

const notAborted = new AbortController().signal
const one: ModelCapacity = { maxConcurrent: 1, requestsPerMinute: null, tokensPerMinute: null }

/** Makes a worker whose model takes one call at a time, and two replies in different sessions. */
async function twoReplies(capacity: ModelCapacity | undefined, ...more: ReturnType<typeof createScriptedLlm>[]) {
  const open = createGate()
  const model = createScriptedLlm(
    [
      [open, 'First.', createFinish()],
      ['Second.', createFinish()],
    ],
    'scripted',
  )
  const worker = await startWorker([model, ...more], undefined, capacity && { capacity })
  await createSession(worker.stores, worker.place)
  const asked = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'And then?' }))
  const second = { message_id: asked.reply.message.message_id, attempt: 0 }
  const first = answerReply(worker.ctx, worker.ref, notAborted)
  await model.waitForCall(1)
  const readSecond = () => worker.stores.data.messages.get(second.message_id)
  return { worker, model, open, first, second, readSecond }
}

t.test('[SLOT4] a reply that finds the model full waits; the end of the call before it wakes it', async (t) => {
  const { worker, model, open, first, second, readSecond } = await twoReplies(one)

  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond(), { row: { attempt: 1 }, reply: { lease_until: null, tries: 0 } })
  t.equal(model.requests.length, 1, 'the model was not called')
  t.equal(worker.stores.data.calls.length, 0, 'and no call is recorded')
  t.same(worker.hints.queue.waiting, [])

  open.open()
  await first
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond()?.row.message.message_content, { content: 'Second.', finish_reason: 'stop', attempts: 1 })
})

t.test('[SLOT4] where the waking was lost, the sweep does it', async (t) => {
  const { worker, open, first, second } = await twoReplies(one)
  await answerReply(worker.ctx, second, notAborted)
  open.open()
  await first
  worker.hints.queue.flush()
  await requeueDueReplies(worker.ctx)
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
})

t.test('[SLOT4] a call that ends while another reply is being postponed wakes that one all the same', async (t) => {
  const { worker, open, first, second } = await twoReplies(one)
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    async postpone(ref, plan) {
      open.open()
      await first
      return worker.stores.replies.postpone(ref, plan)
    },
  }
  await answerReply({ ...worker.ctx, replies }, second, notAborted)
  t.strictSame(worker.hints.queue.waiting, [{ ...second, attempt: 1 }])
})

t.test('[BUSY1] another model of the chain takes the question of a full one', async (t) => {
  const other = createScriptedLlm([['Elsewhere.', createFinish('stop', 'other')]], 'other')
  const { worker, second, readSecond, open, first } = await twoReplies(one, other)
  await answerReply(worker.ctx, second, notAborted)
  t.match(readSecond()?.row.message.message_content, {
    content: 'Elsewhere.',
    fallback: { from: 'scripted', code: 'llm_rate_limited' },
    attempts: 1,
  })
  open.open()
  await first
})

t.test('[SLOT3] the tokens that a call took replace its estimate', async (t) => {
  const capacity = { maxConcurrent: null, requestsPerMinute: null, tokensPerMinute: 100_000 }
  const worker = await startWorker([['Yes.', createFinish()]], undefined, { capacity })
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.stores.data.slots, [{ tokens: 15 }])
})

t.test('[SLOT5] a model without limits is asked for no slot', async (t) => {
  const { worker, second, open, first, readSecond } = await twoReplies(undefined)
  const replies: typeof worker.ctx.replies = {
    ...worker.stores.replies,
    takeSlot: () => Promise.reject(new Error('a slot was asked for')),
    findSlotFacts: () => Promise.reject(new Error('somebody was to be woken')),
  }
  await answerReply({ ...worker.ctx, replies }, second, notAborted)
  t.equal(readSecond()?.row.message.message_content.content, 'Second.')
  open.open()
  await first
  t.same(
    worker.log.lines.filter(({ event }) => event === 'EngineerChat.waiting_not_woken'),
    [],
  )
})
