import { type Llm, LlmError } from '@engineer-chat/chat/models'
import { answerReply, retryReply } from '@engineer-chat/chat/replying'
import type { Stores } from '@engineer-chat/chat/stores'
import { createFinish, createScriptedLlm } from '@engineer-chat/chat/testing'
import { test } from 'tap'
import type { Place } from '../../testing/contracts/harness.ts'
import { DEADLINE_MS, startWorker, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal

const setTlp = (stores: Stores, { event_id, other }: Place, tlp: 'amber' | 'red') =>
  stores.events.update(event_id, { tlp }, { user_id: other, role: 'admin' })

const createBusyLlm = (model: string) =>
  createScriptedLlm(
    [[new LlmError('llm_rate_limited', 'busy', { transient: true, status: 429, retryAfterMs: 4_000 })]],
    model,
  )

test('[TLP3] an event that turned red since the question was asked gets an error row, and no model is asked', async (t) => {
  const llm = createScriptedLlm([['Isolate it.', createFinish()]], 'gpt')
  const worker = await startWorkerWithModels([llm])
  await setTlp(worker.stores, worker.place, 'red')

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getRow(), { message: { message_type: 'error' } })
  t.match(worker.getContent(), {
    content: /^The event is TLP:RED, and no AI model that may read it is set up\. Ask again when the label is lowered/,
    error: { code: 'tlp_forbids_model', retryable: false },
    attempts: 0,
  })
  t.equal(llm.requests.length, 0)
  t.same(worker.stores.data.calls, [])
})

test('[TLP3] the error row is in the language of the question', async (t) => {
  const worker = await startWorker([['好。', createFinish()]], '先隔离什么？')
  await setTlp(worker.stores, worker.place, 'red')
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { content: /^此事件为 TLP:RED/ })
})

test('[TLP2] [TLP3] the question is refused again while the event is red, and answered once its label is lowered', async (t) => {
  const llm = createScriptedLlm([['Isolate it.', createFinish()]], 'gpt')
  const worker = await startWorkerWithModels([llm])
  const { stores, hints, place, ref } = worker
  const models = {
    default: 'gpt',
    models: [
      {
        id: 'gpt',
        provider: 'test',
        context_window: null,
        max_tokens: 10,
        prices: null,
        choose_for: [],
        fallbacks: [],
      },
    ],
  }
  const ctx = { ...stores, bus: hints.bus, queue: hints.queue, models }
  const askAgain = () => retryReply(ctx, { user_id: place.owner, role: 'engineer' }, { message_id: ref.message_id })
  await setTlp(stores, place, 'red')
  await answerReply(worker.ctx, ref, notAborted)

  await t.rejects(askAgain(), { code: 'tlp_forbids_model' })
  t.match(worker.getRow(), { message: { message_type: 'error' } })

  await setTlp(stores, place, 'amber')
  await askAgain()
  await answerReply(worker.ctx, ref, notAborted)
  t.match(worker.getContent(), { content: 'Isolate it.', error: undefined })
})

test('[TLP4] of a red event’s chain only the models inside are asked', async (t) => {
  const gpt = createScriptedLlm([['From outside.', createFinish()]], 'gpt')
  const house = createScriptedLlm([['From inside.', createFinish('stop', 'house')]], 'house')
  const worker = await startWorkerWithModels([gpt, house], undefined, { inside: ['house'] })
  await setTlp(worker.stores, worker.place, 'red')

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getContent(), { content: 'From inside.', model: 'house', finish_reason: 'stop', attempts: 1 })
  t.equal(gpt.requests.length, 0)
})

test('[TLP4] a reply waits for a busy model inside, and reaches no model outside meanwhile or at its deadline', async (t) => {
  const gpt = createScriptedLlm([['From outside.', createFinish()]], 'gpt')
  const worker = await startWorkerWithModels([createBusyLlm('house'), gpt], undefined, { inside: ['house'] })
  await setTlp(worker.stores, worker.place, 'red')

  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getRow(), { message: { message_type: 'thinking' } }, 'it waits')
  t.match(worker.log.lines.find(({ event }) => event === 'EngineerChat.reply_postponed')?.fields, { model: 'house' })

  await worker.clock.advance(DEADLINE_MS)
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), { error: { code: 'llm_rate_limited', retryable: true } })

  t.equal(gpt.requests.length, 0)
})

test('[TLP4] a reply does not wait for a busy model that it may not ask', async (t) => {
  const analyst: Llm = {
    ...createScriptedLlm([['The facts.', createFinish('stop', 'offline')]], 'offline'),
    provider: 'offline',
  }
  const gpt = createBusyLlm('gpt')
  const worker = await startWorkerWithModels([gpt, analyst])
  await setTlp(worker.stores, worker.place, 'red')

  await answerReply(worker.ctx, worker.ref, notAborted)

  t.match(worker.getContent(), { content: 'The facts.' })
  t.equal(gpt.requests.length, 0)
})
