import { LlmError, type LlmStreamPart } from '@engineer-chat/chat/models'
import { createFinish, createGate, createScriptedLlm, type Script } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { createLlmWithBreaker } from '../../src/llm/models/circuit-breaker.ts'
import { createRequest } from './llm-request.ts'

const OPEN_MS = 30_000
const downError = new LlmError('llm_unreachable', 'down', { transient: true })
const rejectedError = new LlmError('llm_rejected', 'no', { transient: false })
const LEFT_OUT = { code: 'llm_unavailable', transient: false, isFromBreaker: true, message: /left out/ }
const GOOD_ANSWER = ['Yes.', createFinish()]

/** Puts a model behind a breaker that opens after three failures. The test changes the time of the clock. */
function setUpWithBreaker(t: Test, script: Script) {
  const clock = { now: 1_000_000 }
  t.intercept(Date, 'now', { value: () => clock.now })
  const scripted = createScriptedLlm(script)
  const llm = createLlmWithBreaker(scripted, { failures: 3, openMs: OPEN_MS })
  const ask = async (signal = new AbortController().signal) => {
    const parts: LlmStreamPart[] = []
    for await (const part of llm.stream(createRequest('?'), signal)) parts.push(part)
    return parts.length
  }
  return { scripted, ask, clock, getBreakerState: llm.getBreakerState }
}

t.test(
  '[LLM11] after several failures in a row the model gets no calls, then one trial call, and all calls after it answers',
  async (t) => {
    const answerGate = createGate()
    const { scripted, ask, clock, getBreakerState } = setUpWithBreaker(t, [
      [downError],
      ['half', downError],
      [downError],
      [answerGate, ...GOOD_ANSWER],
      GOOD_ANSWER,
    ])
    await t.rejects(ask(), downError)
    await t.rejects(ask(), downError)
    t.equal(getBreakerState(), 'closed')
    await t.rejects(ask(), downError)
    t.equal(getBreakerState(), 'open')
    for (let count = 0; count < 5; count++) await t.rejects(ask(), LEFT_OUT)
    t.equal(scripted.requests.length, 3)
    clock.now += OPEN_MS
    const trial = ask()
    await scripted.waitForCall(4)
    t.equal(getBreakerState(), 'half_open')
    await t.rejects(ask(), LEFT_OUT, 'only one trial call at a time')
    answerGate.open()
    t.equal(await trial, 2)
    t.equal(getBreakerState(), 'closed')
    t.equal(await ask(), 2)
  },
)

t.test('[LLM11] after a failed trial call the model is left out for the same time again', async (t) => {
  const { scripted, ask, clock } = setUpWithBreaker(t, [[downError]])
  for (let count = 0; count < 3; count++) await t.rejects(ask(), downError)
  clock.now += OPEN_MS
  await t.rejects(ask(), downError)
  await t.rejects(ask(), LEFT_OUT)
  t.equal(scripted.requests.length, 4)
})

t.test('[LLM11] a busy model is not left out, however often it refuses', async (t) => {
  const busy = new LlmError('llm_rate_limited', 'busy', { transient: true, status: 429 })
  const { scripted, ask, getBreakerState } = setUpWithBreaker(t, [[busy]])
  for (let count = 0; count < 9; count++) await t.rejects(ask(), busy)
  t.equal(getBreakerState(), 'closed')
  t.equal(scripted.requests.length, 9)
})

t.test('[LLM11] an answer resets the count of failures', async (t) => {
  const { ask } = setUpWithBreaker(t, [[downError], [downError], GOOD_ANSWER, [downError], [downError], GOOD_ANSWER])
  for (const fails of [true, true, false, true, true, false])
    await (fails ? t.rejects(ask(), downError) : t.equal(await ask(), 2))
})

t.test(
  '[LLM11] failures caused by the question or by a cancelling reader do not count, and a time-out does',
  async (t) => {
    const refused = setUpWithBreaker(t, [[rejectedError]])
    for (let count = 0; count < 6; count++) await t.rejects(refused.ask(), rejectedError)

    const abortThreeCalls = async (reason: Error) => {
      const { scripted, ask } = setUpWithBreaker(t, [[createGate()]])
      for (let call = 1; call <= 3; call++) {
        const reader = new AbortController()
        const asking = ask(reader.signal)
        await scripted.waitForCall(call)
        reader.abort(reason)
        await t.rejects(asking, reason)
      }
      // A closed breaker passes this call on, which fails with its own reason. An open one refuses it.
      return ask(AbortSignal.abort(new Error('asked'))).catch((error) => error.message)
    }
    t.equal(await abortThreeCalls(new Error('cancelled')), 'asked')
    t.match(await abortThreeCalls(new LlmError('llm_timeout', 'too slow', { transient: true })), /left out/)
  },
)

t.test('[LLM11] a caller that stops reading early records no failure', async (t) => {
  const scripted = createScriptedLlm([['Yes.', 'More.', createFinish()]])
  const llm = createLlmWithBreaker(scripted, { failures: 1, openMs: OPEN_MS })
  for (let count = 0; count < 2; count++) {
    for await (const part of llm.stream(createRequest('?'), new AbortController().signal)) {
      t.match(part, { text: 'Yes.' })
      break
    }
  }
  t.equal(scripted.requests.length, 2)
})
