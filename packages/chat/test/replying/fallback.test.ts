import { type Llm, LlmError } from '@engineer-chat/chat/models'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm, type Script } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { RENEW_INTERVAL_MS, runCallbacks, startWorkerWithModels } from './reply-harness.ts'

const notAborted = new AbortController().signal
const createFailure = (code: LlmError['code'], transient: boolean, retryAfterMs?: number) =>
  new LlmError(code, 'for logs', { transient, ...(retryAfterMs !== undefined && { retryAfterMs }) })
const createFailingLlm = (error: LlmError, model = 'first') => createScriptedLlm([[error]], model)
const createAnsweringLlm = (model: string, script: Script = [['Isolate it.', createFinish('stop', model)]]) =>
  createScriptedLlm(script, model)
const createAnalyst = (): Llm => ({ ...createAnsweringLlm('offline-analyst'), provider: 'offline' })

t.test('[LLM8] a failed model’s fallback answers, and the answer says which model failed and why', async (t) => {
  for (const code of ['llm_unauthorized', 'llm_rejected', 'llm_timeout', 'internal'] as const) {
    const second = createAnsweringLlm('second')
    const worker = await startWorkerWithModels([
      createFailingLlm(createFailure(code, code === 'llm_timeout')),
      second,
      createAnsweringLlm('third'),
    ])
    await answerReply(worker.ctx, worker.ref, notAborted)
    t.match(worker.getRow(), { attempt: 2, message: { message_type: 'chat', message_from: 'ai_assistant' } }, code)
    t.match(worker.getContent(), {
      content: 'Isolate it.',
      model: 'second',
      finish_reason: 'fallback',
      fallback: { from: 'first', code },
      attempts: 2,
    })
    t.same(second.requests[0]?.failedModels, [{ model_id: 'first', code }])
    t.match(worker.stores.data.calls, [
      { model: 'first', error_code: code },
      { model: 'second', outcome: 'ok' },
    ])
  }
})

t.test('[LLM8] a transient failure is tried twice, unless the wait would be long', async (t) => {
  const quickRetry = await startWorkerWithModels([
    createFailingLlm(createFailure('llm_stream_cut', true)),
    createAnsweringLlm('second'),
  ])
  const done = answerReply(quickRetry.ctx, quickRetry.ref, notAborted)
  await quickRetry.passRetryPause()
  await done
  t.match(quickRetry.getContent(), { attempts: 3, fallback: { from: 'first', code: 'llm_stream_cut' } })

  const longWait = await startWorkerWithModels([
    createFailingLlm(createFailure('llm_unavailable', true, 12_000)),
    createAnsweringLlm('second'),
  ])
  await answerReply(longWait.ctx, longWait.ref, notAborted)
  t.match(longWait.getContent(), { attempts: 2, fallback: { from: 'first', code: 'llm_unavailable' } })

  const failingOnce = createAnsweringLlm('first', [
    [createFailure('llm_unavailable', true)],
    ['Now.', createFinish('stop', 'first')],
  ])
  const second = createAnsweringLlm('second')
  const recovered = await startWorkerWithModels([failingOnce, second])
  const ended = answerReply(recovered.ctx, recovered.ref, notAborted)
  await recovered.passRetryPause()
  await ended
  t.match(recovered.getContent(), { content: 'Now.', finish_reason: 'stop', attempts: 2 })
  t.equal(recovered.getContent()?.fallback, undefined)
  t.equal(second.requests.length, 0)
})

t.test('[LLM8] followers get a new attempt from its beginning for each model', async (t) => {
  const broken = createScriptedLlm([['Iso', createFailure('llm_rejected', false)]], 'first')
  const worker = await startWorkerWithModels([broken, createAnsweringLlm('second')])
  await answerReply(worker.ctx, worker.ref, notAborted)
  await runCallbacks()
  t.match(worker.publishedHints, [{ attempt: 1, text: 'Iso' }, { attempt: 2, text: 'Isolate it.' }, { type: 'change' }])
})

t.test('[LLM9] when every model fails, the offline analyst answers where the chain names it', async (t) => {
  const analyst = createAnalyst()
  const first = createFailingLlm(createFailure('llm_unauthorized', false))
  const second = createFailingLlm(createFailure('llm_rejected', false), 'second')
  const worker = await startWorkerWithModels([first, second, analyst])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getContent(), {
    finish_reason: 'fallback',
    fallback: { from: 'first', code: 'llm_unauthorized' },
    attempts: 3,
  })
  t.same((analyst as ReturnType<typeof createAnsweringLlm>).requests[0]?.failedModels, [
    { model_id: 'first', code: 'llm_unauthorized' },
    { model_id: 'second', code: 'llm_rejected' },
  ])
})

t.test('[LLM9] without the offline analyst the reply ends as an error, as it does with one model', async (t) => {
  const first = createFailingLlm(createFailure('llm_unauthorized', false))
  const worker = await startWorkerWithModels([first, createFailingLlm(createFailure('llm_rejected', false), 'second')])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.match(worker.getRow(), { message: { message_type: 'error', message_from: 'system' } })
  t.match(worker.getContent(), { error: { code: 'llm_rejected' }, finish_reason: 'error', attempts: 2 })
})

t.test('[LLM8] after a cancellation no further model is called', async (t) => {
  const hanging = createScriptedLlm([['Iso', createGate()]], 'first')
  const second = createAnsweringLlm('second')
  const worker = await startWorkerWithModels([hanging, second])
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await hanging.waitForCall(1)
  await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  await worker.clock.advance(RENEW_INTERVAL_MS)
  await done
  t.match(worker.getContent(), { content: 'Iso', model: 'first', finish_reason: 'cancelled' })
  t.equal(second.requests.length, 0)
})

t.test('[LLM10] the first token has its own time limit, and reasoning counts as a token', async (t) => {
  const limits = { first_token_ms: 6_000, idle_ms: 4_000 }
  const silent = await startWorkerWithModels(
    [createScriptedLlm([[createGate()]], 'first'), createAnsweringLlm('second')],
    undefined,
    { limits },
  )
  const done = answerReply(silent.ctx, silent.ref, notAborted)
  await silent.clock.waitForSleep(6_000)
  for (let passedMs = 0; passedMs < 6_000; passedMs += 1_000) await silent.clock.advance(1_000)
  await done
  t.match(silent.getContent(), { model: 'second', fallback: { from: 'first', code: 'llm_timeout' } })
  t.match(silent.stores.data.calls, [{ total_ms: 6_000, first_token_ms: null }, { outcome: 'ok' }])

  const gate = createGate()
  const thinking = createScriptedLlm(
    [[{ type: 'reasoning', text: 'Hm.' }, gate, 'Yes.', createFinish('stop', 'first')]],
    'first',
  )
  const worker = await startWorkerWithModels([thinking], undefined, { limits: { first_token_ms: 2_000 } })
  const answered = answerReply(worker.ctx, worker.ref, notAborted)
  await thinking.waitForCall(1)
  await worker.passTime(20_000)
  gate.open()
  await answered
  t.match(worker.getContent(), { content: 'Yes.', reasoning: 'Hm.' })
})

t.test('[LLM10] each further token has its own time limit, and the whole call has the total limit', async (t) => {
  const limits = { first_token_ms: 6_000, idle_ms: 4_000 }
  const stalling = createScriptedLlm([['Iso', createGate()]], 'first')
  const worker = await startWorkerWithModels([stalling, createAnsweringLlm('second')], undefined, { limits })
  const done = answerReply(worker.ctx, worker.ref, notAborted)
  await stalling.waitForCall(1)
  await runCallbacks()
  for (let passedMs = 0; passedMs < 6_000; passedMs += 1_000) await worker.clock.advance(1_000)
  await done
  t.match(worker.getContent(), { model: 'second', fallback: { code: 'llm_timeout' } })

  const gates = Array.from({ length: 12 }, createGate)
  const slow = createScriptedLlm([gates.flatMap((gate) => ['word ', gate])], 'first')
  const late = await startWorkerWithModels([slow, createAnsweringLlm('second')], undefined, { limits })
  const ended = answerReply(late.ctx, late.ref, notAborted)
  await slow.waitForCall(1)
  for (const gate of gates) {
    await runCallbacks()
    for (let passedMs = 0; passedMs < 3_000; passedMs += 1_000) await late.clock.advance(1_000)
    gate.open()
  }
  await ended
  t.match(late.stores.data.calls, [{ error_code: 'llm_timeout', total_ms: 30_000 }, { outcome: 'ok' }])
})

t.test('[LLM15] retracted text is stored as reasoning and not as a part of the answer', async (t) => {
  const llm = createScriptedLlm([
    ['The hint is ', 'a trap. [[KE', { type: 'retract' }, 'Isolate ', 'web-3.', createFinish()],
  ])
  const worker = await startWorkerWithModels([llm])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(worker.getContent()?.content, 'Isolate web-3.')
  t.equal(worker.getContent()?.reasoning, 'The hint is a trap. [[KE')
})

t.test('[LLM7] reasoning is stored beside the answer up to a limit, and is not part of the next prompt', async (t) => {
  const thoughts = Array.from(
    { length: 20 },
    (_, index) => ({ type: 'reasoning', text: `PRIVATE-THOUGHT ${index} `.repeat(90) }) as const,
  )
  const llm = createScriptedLlm([
    [...thoughts, 'Yes.', createFinish()],
    ['And no.', createFinish()],
  ])
  const worker = await startWorkerWithModels([llm])
  await answerReply(worker.ctx, worker.ref, notAborted)
  t.equal(worker.getContent()?.content, 'Yes.')
  t.match(worker.getContent()?.reasoning, /^PRIVATE-THOUGHT/)
  t.equal(worker.getContent()?.reasoning?.length, 16_000)
  t.notMatch(JSON.stringify(worker.publishedHints), /PRIVATE/)
  const next = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'Sure?' }))
  await answerReply(worker.ctx, { message_id: next.reply.message.message_id, attempt: 0 }, notAborted)
  t.match(JSON.stringify(llm.requests[1]?.turns), /Yes\./)
  t.notMatch(JSON.stringify(llm.requests[1]?.turns), /PRIVATE/)
})

t.test(
  '[SPEND4] a call over the budget is not made: a fallback that costs nothing answers, or the reply ends with that error',
  async (t) => {
    const budgets = { all: { tokens: 20 } }
    const first = createAnsweringLlm('first')
    const alone = await startWorkerWithModels([first], undefined, { budgets })
    await answerReply(alone.ctx, alone.ref, notAborted)
    t.match(alone.getContent(), { error: { code: 'budget_exceeded', retryable: true }, attempts: 0 })
    const analyst = createAnalyst()
    const worker = await startWorkerWithModels([first, analyst], undefined, { budgets })
    await answerReply(worker.ctx, worker.ref, notAborted)
    t.match(worker.getContent(), { fallback: { from: 'first', code: 'budget_exceeded' }, attempts: 1 })
    t.equal(first.requests.length, 0)
  },
)

t.test('[SPEND9] a call is recorded with its cost and its prompt’s hash; the prompt only if it is kept', async (t) => {
  for (const arePromptsKept of [false, true]) {
    const llm = createAnsweringLlm('first')
    const worker = await startWorkerWithModels([llm], undefined, { budgets: { all: { tokens: 100_000 } } })
    await answerReply({ ...worker.ctx, arePromptsKept }, worker.ref, notAborted)
    const [call] = worker.stores.data.calls
    t.match(call, { cost_micros: 20, prompt_hash: /^[0-9a-f]{64}$/, spent: { tokens: 15, micros: 20 } })
    t.equal(call?.prompt, arePromptsKept ? JSON.stringify(llm.requests[0]?.turns) : null)
    t.match([...worker.stores.data.spend.values()], [{ tokens_spent: 15, tokens_held: 0, micros_spent: 20 }])
  }
})

t.test(
  '[SPEND9] a call that broke off after it had begun is booked by an estimate; one that never began is free',
  async (t) => {
    const budgets = { all: { tokens: 100_000 } }
    const cut = await startWorkerWithModels(
      [createScriptedLlm([['Iso', createFailure('llm_rejected', false)]], 'first')],
      undefined,
      {
        budgets,
      },
    )
    await answerReply(cut.ctx, cut.ref, notAborted)
    t.ok((cut.stores.data.calls[0]?.spent?.tokens ?? 0) > 100)
    const dead = await startWorkerWithModels([createFailingLlm(createFailure('llm_unauthorized', false))], undefined, {
      budgets,
    })
    await answerReply(dead.ctx, dead.ref, notAborted)
    t.same(dead.stores.data.calls[0]?.spent, { tokens: 0, micros: 0 })
  },
)
