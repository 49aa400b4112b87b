import { LlmError, type LlmPiece } from '@engineer-chat/chat/models'
import { createFinish, createGate, createScriptedLlm, type Script } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { createGuardedLlm } from '../../src/llm/models/circuit-breaker.ts'
import { createRequest } from './llm-request.ts'

const OPEN_MS = 30_000
const down = new LlmError('llm_unreachable', 'down', { transient: true })
const rejected = new LlmError('llm_rejected', 'no', { transient: false })
const LEFT_OUT = { code: 'llm_unavailable', transient: false, message: /left out/ }
const good = ['Yes.', createFinish()]

/** Puts a model behind a breaker that opens after three failures. The test moves the time. */
function setUpGuarded(t: Test, script: Script) {
  const clock = { now: 1_000_000 }
  t.intercept(Date, 'now', { value: () => clock.now })
  const scripted = createScriptedLlm(script)
  const llm = createGuardedLlm(scripted, { failures: 3, openMs: OPEN_MS })
  const ask = async (signal = new AbortController().signal) => {
    const pieces: LlmPiece[] = []
    for await (const piece of llm.stream(createRequest('?'), signal)) pieces.push(piece)
    return pieces.length
  }
  return { scripted, ask, clock, state: llm.breakerState }
}

t.test(
  '[LLM11] after several failures in a row nobody asks it; then one does, and all again when it answers',
  async (t) => {
    const open = createGate()
    const { scripted, ask, clock, state } = setUpGuarded(t, [[down], ['half', down], [down], [open, ...good], good])
    await t.rejects(ask(), down)
    await t.rejects(ask(), down)
    t.equal(state(), 'closed')
    await t.rejects(ask(), down)
    t.equal(state(), 'open')
    for (let n = 0; n < 5; n++) await t.rejects(ask(), LEFT_OUT)
    t.equal(scripted.requests.length, 3)
    clock.now += OPEN_MS
    const trial = ask()
    await scripted.waitForCall(4)
    t.equal(state(), 'half_open')
    await t.rejects(ask(), LEFT_OUT, 'one at a time')
    open.open()
    t.equal(await trial, 2)
    t.equal(state(), 'closed')
    t.equal(await ask(), 2)
  },
)

t.test('[LLM11] a trial that fails leaves it out for another while', async (t) => {
  const { scripted, ask, clock } = setUpGuarded(t, [[down]])
  for (let n = 0; n < 3; n++) await t.rejects(ask(), down)
  clock.now += OPEN_MS
  await t.rejects(ask(), down)
  await t.rejects(ask(), LEFT_OUT)
  t.equal(scripted.requests.length, 4)
})

t.test('[LLM11] a busy model is not left out, however often it refuses', async (t) => {
  const busy = new LlmError('llm_rate_limited', 'busy', { transient: true, status: 429 })
  const { scripted, ask, state } = setUpGuarded(t, [[busy]])
  for (let n = 0; n < 9; n++) await t.rejects(ask(), busy)
  t.equal(state(), 'closed')
  t.equal(scripted.requests.length, 9)
})

t.test('[LLM11] an answer ends the row of failures', async (t) => {
  const { ask } = setUpGuarded(t, [[down], [down], good, [down], [down], good])
  for (const fails of [true, true, false, true, true, false])
    await (fails ? t.rejects(ask(), down) : t.equal(await ask(), 2))
})

t.test(
  '[LLM11] failures caused by the question or by a cancelling reader do not count, and a time-out does',
  async (t) => {
    const refused = setUpGuarded(t, [[rejected]])
    for (let n = 0; n < 6; n++) await t.rejects(refused.ask(), rejected)

    const leave = async (reason: Error) => {
      const { scripted, ask } = setUpGuarded(t, [[createGate()]])
      for (let nth = 1; nth <= 3; nth++) {
        const reader = new AbortController()
        const asking = ask(reader.signal)
        await scripted.waitForCall(nth)
        reader.abort(reason)
        await t.rejects(asking, reason)
      }
      return ask(AbortSignal.abort(new Error('asked'))).catch((error) => error.message)
    }
    t.equal(await leave(new Error('cancelled')), 'asked')
    t.match(await leave(new LlmError('llm_timeout', 'too slow', { transient: true })), /left out/)
  },
)

t.test('[LLM11] a caller that stops reading early records no failure', async (t) => {
  const scripted = createScriptedLlm([['Yes.', 'More.', createFinish()]])
  const llm = createGuardedLlm(scripted, { failures: 1, openMs: OPEN_MS })
  for (let n = 0; n < 2; n++) {
    for await (const piece of llm.stream(createRequest('?'), new AbortController().signal)) {
      t.match(piece, { text: 'Yes.' })
      break
    }
  }
  t.equal(scripted.requests.length, 2)
})
