import { type Llm, LlmError } from '@engineer-chat/chat/models'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createGate, createScriptedLlm, type Script } from '@engineer-chat/chat/testing'
import t from 'tap'
import { aQuestion } from '../../testing/contracts/harness.ts'
import { aWorker, settle } from './reply-harness.ts'

const never = new AbortController().signal
const failure = (code: LlmError['code'], transient: boolean, retryAfterMs?: number) =>
  new LlmError(code, 'for logs', { transient, ...(retryAfterMs !== undefined && { retryAfterMs }) })
const bad = (error: LlmError, model = 'first') => createScriptedLlm([[error]], model)
const good = (model: string, script: Script = [['Isolate it.', createFinish('stop', model)]]) =>
  createScriptedLlm(script, model)
const offline = (): Llm => ({ ...good('offline-analyst'), provider: 'offline' })

t.test('[LLM8] a failed model’s fallback answers, and the answer says whom it was meant for and why', async (t) => {
  for (const code of ['llm_unauthorized', 'llm_rejected', 'llm_timeout', 'internal'] as const) {
    const second = good('second')
    const worker = await aWorker([bad(failure(code, code === 'llm_timeout')), second, good('third')])
    await answerReply(worker.ctx, worker.ref, never)
    t.match(worker.row(), { attempt: 2, message: { message_type: 'chat', message_from: 'ai_assistant' } }, code)
    t.match(worker.content(), {
      content: 'Isolate it.',
      model: 'second',
      finish_reason: 'fallback',
      fallback: { from: 'first', code },
      attempts: 2,
    })
    t.same(second.requests[0]?.failedModels, [{ model: 'first', code }])
    t.match(worker.stores.data.calls, [
      { model: 'first', error_code: code },
      { model: 'second', outcome: 'ok' },
    ])
  }
})

t.test('[LLM8] what may pass soon is tried twice; what lets the reader wait isn’t', async (t) => {
  const soon = await aWorker([bad(failure('llm_stream_cut', true)), good('second')])
  const done = answerReply(soon.ctx, soon.ref, never)
  await soon.clock.advance(await soon.clock.sleeping(500, 1_500))
  await done
  t.match(soon.content(), { attempts: 3, fallback: { from: 'first', code: 'llm_stream_cut' } })

  const late = await aWorker([bad(failure('llm_unavailable', true, 12_000)), good('second')])
  await answerReply(late.ctx, late.ref, never)
  t.match(late.content(), { attempts: 2, fallback: { from: 'first', code: 'llm_unavailable' } })

  const twice = good('first', [[failure('llm_unavailable', true)], ['Now.', createFinish('stop', 'first')]])
  const second = good('second')
  const recovered = await aWorker([twice, second])
  const ended = answerReply(recovered.ctx, recovered.ref, never)
  await recovered.clock.advance(await recovered.clock.sleeping(500, 1_500))
  await ended
  t.match(recovered.content(), { content: 'Now.', finish_reason: 'stop', attempts: 2 })
  t.equal(recovered.content()?.fallback, undefined)
  t.equal(second.requests.length, 0)
})

t.test('[LLM8] who follows live begins anew with each model', async (t) => {
  const broken = createScriptedLlm([['Iso', failure('llm_rejected', false)]], 'first')
  const worker = await aWorker([broken, good('second')])
  await answerReply(worker.ctx, worker.ref, never)
  await settle()
  t.match(worker.hinted, [{ attempt: 1, text: 'Iso' }, { attempt: 2, text: 'Isolate it.' }, { type: 'change' }])
})

t.test('[LLM9] when every model fails, the offline analyst answers where the chain names it', async (t) => {
  const analyst = offline()
  const first = bad(failure('llm_unauthorized', false))
  const second = bad(failure('llm_rejected', false), 'second')
  const worker = await aWorker([first, second, analyst])
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.content(), {
    finish_reason: 'fallback',
    fallback: { from: 'first', code: 'llm_unauthorized' },
    attempts: 3,
  })
  t.same((analyst as ReturnType<typeof good>).requests[0]?.failedModels, [
    { model: 'first', code: 'llm_unauthorized' },
    { model: 'second', code: 'llm_rejected' },
  ])
})

t.test('[LLM9] without it the reply ends as an error, as it does with one model', async (t) => {
  const first = bad(failure('llm_unauthorized', false))
  const worker = await aWorker([first, bad(failure('llm_rejected', false), 'second')])
  await answerReply(worker.ctx, worker.ref, never)
  t.match(worker.row(), { message: { message_type: 'error', message_from: 'system' } })
  t.match(worker.content(), { error: { code: 'llm_rejected' }, finish_reason: 'error', attempts: 2 })
})

t.test('[LLM8] a cancelled reply asks nobody else', async (t) => {
  const hanging = createScriptedLlm([['Iso', createGate()]], 'first')
  const second = good('second')
  const worker = await aWorker([hanging, second])
  const done = answerReply(worker.ctx, worker.ref, never)
  await hanging.waitForCall(1)
  await worker.stores.messages.cancel(worker.place.owner, worker.ref.message_id)
  await worker.clock.advance(2_500)
  await done
  t.match(worker.content(), { content: 'Iso', model: 'first', finish_reason: 'cancelled' })
  t.equal(second.requests.length, 0)
})

t.test('[LLM10] the first token has a limit of its own, and thinking is a token', async (t) => {
  const limits = { first_token_ms: 6_000, idle_ms: 4_000 }
  const silent = await aWorker([createScriptedLlm([[createGate()]], 'first'), good('second')], undefined, { limits })
  const done = answerReply(silent.ctx, silent.ref, never)
  await silent.clock.sleeping(6_000)
  for (let passed = 0; passed < 6_000; passed += 1_000) await silent.clock.advance(1_000)
  await done
  t.match(silent.content(), { model: 'second', fallback: { from: 'first', code: 'llm_timeout' } })
  t.match(silent.stores.data.calls, [{ total_ms: 6_000, first_token_ms: null }, { outcome: 'ok' }])

  const open = createGate()
  const thinking = createScriptedLlm(
    [[{ type: 'reasoning', text: 'Hm.' }, open, 'Yes.', createFinish('stop', 'first')]],
    'first',
  )
  const worker = await aWorker([thinking], undefined, { limits: { first_token_ms: 2_000 } })
  const answered = answerReply(worker.ctx, worker.ref, never)
  await thinking.waitForCall(1)
  for (let passed = 0; passed < 20_000; passed += 2_500) await worker.clock.advance(2_500)
  open.open()
  await answered
  t.match(worker.content(), { content: 'Yes.', reasoning: 'Hm.' })
})

t.test('[LLM10] so has each next one; tokens that come in time go on until the total', async (t) => {
  const limits = { first_token_ms: 6_000, idle_ms: 4_000 }
  const stalls = createScriptedLlm([['Iso', createGate()]], 'first')
  const worker = await aWorker([stalls, good('second')], undefined, { limits })
  const done = answerReply(worker.ctx, worker.ref, never)
  await stalls.waitForCall(1)
  await settle()
  for (let passed = 0; passed < 6_000; passed += 1_000) await worker.clock.advance(1_000)
  await done
  t.match(worker.content(), { model: 'second', fallback: { code: 'llm_timeout' } })

  const gates = Array.from({ length: 12 }, createGate)
  const slow = createScriptedLlm([gates.flatMap((one) => ['word ', one])], 'first')
  const late = await aWorker([slow, good('second')], undefined, { limits })
  const ended = answerReply(late.ctx, late.ref, never)
  await slow.waitForCall(1)
  for (const one of gates) {
    await settle()
    for (let passed = 0; passed < 3_000; passed += 1_000) await late.clock.advance(1_000)
    one.open()
  }
  await ended
  t.match(late.stores.data.calls, [{ error_code: 'llm_timeout', total_ms: 30_000 }, { outcome: 'ok' }])
})

t.test(
  '[LLM15] text that turns out to have been thinking is stored as that, and as no part of the answer',
  async (t) => {
    const llm = createScriptedLlm([
      ['The hint is ', 'a trap. [[KE', { type: 'retract' }, 'Isolate ', 'web-3.', createFinish()],
    ])
    const worker = await aWorker(llm)
    await answerReply(worker.ctx, worker.ref, never)
    t.equal(worker.content()?.content, 'Isolate web-3.')
    t.equal(worker.content()?.reasoning, 'The hint is a trap. [[KE')
  },
)

t.test('[LLM7] thinking is stored beside the answer, bounded, and is no part of the next prompt', async (t) => {
  const thoughts = Array.from(
    { length: 20 },
    (_, at) => ({ type: 'reasoning', text: `PRIVATE-THOUGHT ${at} `.repeat(90) }) as const,
  )
  const llm = createScriptedLlm([
    [...thoughts, 'Yes.', createFinish()],
    ['And no.', createFinish()],
  ])
  const worker = await aWorker(llm)
  await answerReply(worker.ctx, worker.ref, never)
  t.equal(worker.content()?.content, 'Yes.')
  t.match(worker.content()?.reasoning, /^PRIVATE-THOUGHT/)
  t.equal(worker.content()?.reasoning?.length, 16_000)
  t.notMatch(JSON.stringify(worker.hinted), /PRIVATE/)
  const next = await worker.stores.messages.ask(aQuestion(worker.place, { text: 'Sure?' }))
  await answerReply(worker.ctx, { message_id: next.reply.message.message_id, attempt: 0 }, never)
  t.match(JSON.stringify(llm.requests[1]?.turns), /Yes\./)
  t.notMatch(JSON.stringify(llm.requests[1]?.turns), /PRIVATE/)
})

t.test(
  '[SPEND4] a call that doesn’t fit isn’t made: a fallback that costs nothing answers, or the reply says so',
  async (t) => {
    const budgets = { all: { tokens: 20 } }
    const first = good('first')
    const alone = await aWorker([first], undefined, { budgets })
    await answerReply(alone.ctx, alone.ref, never)
    t.match(alone.content(), { error: { code: 'budget_exceeded', retryable: true }, attempts: 0 })
    const analyst = offline()
    const worker = await aWorker([first, analyst], undefined, { budgets })
    await answerReply(worker.ctx, worker.ref, never)
    t.match(worker.content(), { fallback: { from: 'first', code: 'budget_exceeded' }, attempts: 1 })
    t.equal(first.requests.length, 0)
  },
)

t.test('[SPEND9] a call is recorded with its cost and its prompt’s hash; the prompt only if it is kept', async (t) => {
  for (const arePromptsKept of [false, true]) {
    const llm = good('first')
    const worker = await aWorker([llm], undefined, { budgets: { all: { tokens: 100_000 } } })
    await answerReply({ ...worker.ctx, arePromptsKept: arePromptsKept }, worker.ref, never)
    const [call] = worker.stores.data.calls
    t.match(call, { cost_micros: 20, prompt_hash: /^[0-9a-f]{64}$/, spent: { tokens: 15, micros: 20 } })
    t.equal(call?.prompt, arePromptsKept ? JSON.stringify(llm.requests[0]?.turns) : null)
    t.match([...worker.stores.data.spend.values()], [{ tokens_spent: 15, tokens_held: 0, micros_spent: 20 }])
  }
})

t.test(
  '[SPEND9] a call that broke off after it had begun is booked by a guess; one that never began is free',
  async (t) => {
    const budgets = { all: { tokens: 100_000 } }
    const cut = await aWorker([createScriptedLlm([['Iso', failure('llm_rejected', false)]], 'first')], undefined, {
      budgets,
    })
    await answerReply(cut.ctx, cut.ref, never)
    t.ok((cut.stores.data.calls[0]?.spent?.tokens ?? 0) > 100)
    const dead = await aWorker([bad(failure('llm_unauthorized', false))], undefined, { budgets })
    await answerReply(dead.ctx, dead.ref, never)
    t.same(dead.stores.data.calls[0]?.spent, { tokens: 0, micros: 0 })
  },
)
