import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import {
  type CallTimeLimits,
  createTokenCalibration,
  type Llm,
  type ModelCandidate,
  type ModelCapacity,
} from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS, type PromptSettings } from '@engineer-chat/chat/prompting'
import { type AnswerContext, type CancelSignals, createCancelSignals } from '@engineer-chat/chat/replying'
import type { Clock, Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import { createMemoryHints, createMemoryStores, createScriptedLlm } from '@engineer-chat/chat/testing'
import { aPlace, aQuestion, type Place } from '../../testing/contracts/harness.ts'
import type { Script } from '../../testing/memory/llm/scripted-llm.ts'

export interface ManualClock extends Clock {
  /** Lets time pass and wakes every sleeper whose time has come. */
  advance(ms: number): Promise<void>
  /** Resolves to the length of a sleep in this range, as soon as somebody sleeps for it. */
  waitForSleep(minMs: number, maxMs?: number): Promise<number>
}

interface Sleeper {
  ms: number
  wakesAtMs: number
  wake(): void
}

/** Creates a clock whose time passes only in `advance`. */
function createManualClock(): ManualClock {
  let now = 1_000_000
  const sleepers = new Set<Sleeper>()
  const sleepChecks = new Set<() => void>()
  return {
    now: () => now,
    random: () => 0.5,
    sleep(ms, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      if (signal.aborted) return Promise.reject(signal.reason)
      const sleeper = { ms, wakesAtMs: now + ms, wake: resolve }
      sleepers.add(sleeper)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      for (const checkSleepers of sleepChecks) checkSleepers()
      return promise.finally(() => sleepers.delete(sleeper))
    },
    async advance(ms) {
      now += ms
      for (const sleeper of [...sleepers]) if (sleeper.wakesAtMs <= now) sleeper.wake()
      await runCallbacks()
    },
    waitForSleep(minMs, maxMs = minMs) {
      const { promise, resolve } = Promise.withResolvers<number>()
      const checkSleepers = () => {
        const sleeper = [...sleepers].find(({ ms }) => ms >= minMs && ms <= maxMs)
        if (!sleeper) return
        sleepChecks.delete(checkSleepers)
        resolve(sleeper.ms)
      }
      sleepChecks.add(checkSleepers)
      checkSleepers()
      return promise
    },
  }
}

/** Lets all callbacks run that do not wait for the clock. */
export async function runCallbacks(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

export interface LoggedLine {
  event: string
  fields: Record<string, unknown>
}

function createMemoryLog(): Log & { lines: LoggedLine[] } {
  const lines: LoggedLine[] = []
  const write = (event: string, fields: object = {}) => void lines.push({ event, fields: { ...fields } })
  return { lines, info: write, warn: write, error: write }
}

const PROMPT_SETTINGS: PromptSettings = {
  contextWindow: 32_768,
  answerTokens: 4_096,
  roomTokens: 8_192,
  isMailRedacted: true,
  calibration: createTokenCalibration(),
  sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
}

export const TIMEOUT_MS = 30_000
/** A worker renews its lease this often. */
export const RENEW_INTERVAL_MS = 2_500
/** The pause before a model is called for the second time is in this range. */
export const RETRY_PAUSE_MS = [500, 1_500] as const

const createCandidate = (llm: Llm, limits: Partial<CallTimeLimits>): ModelCandidate => ({
  id: llm.model,
  provider: llm.provider,
  llm,
  context_window: null,
  max_tokens: 100,
  prices: { prompt: 1, completion: 2 },
  limits: { total_ms: TIMEOUT_MS, first_token_ms: null, idle_ms: null, ...limits },
})

interface WorkerOptions {
  budgets?: BudgetLimits
  limits?: Partial<CallTimeLimits>
  /** Answers at the deadline. Without it, the reply ends as an error. */
  analyst?: Llm
  /** Limits the calls to each model. */
  capacity?: ModelCapacity
  /** Lists the models that may read events that are TLP:RED. */
  inside?: string[]
  /** Fills the room before the question is asked. */
  prepare?(stores: Stores, place: Place): Promise<void>
}

export const DEADLINE_MS = 600_000

/** Makes a worker with one model, whose calls follow the script. */
export const startWorker = (script: Script, text?: string, options?: WorkerOptions) =>
  startWorkerWithModels([createScriptedLlm(script)], text, options)

/**
 * Makes a worker on memory stores, with a question that waits for its reply. `models` is the chain of the question, and
 * `publishedHints` has what was sent to the room.
 */
export async function startWorkerWithModels(
  models: Llm[],
  text = 'What should we contain first?',
  { budgets = {}, limits = {}, analyst: analystLlm, capacity, inside = [], prepare }: WorkerOptions = {},
) {
  const clock = createManualClock()
  const stores = createMemoryStores({ now: clock.now, budgets })
  const hints = createMemoryHints()
  const log = createMemoryLog()
  const cancels: CancelSignals = createCancelSignals(hints.cancels)
  const measured: unknown[] = []
  const chain = models.map((llm) => ({
    ...createCandidate(llm, limits),
    ...(capacity && { capacity }),
    ...(inside.includes(llm.model) && { inside: true }),
  }))
  const analyst = analystLlm ? createCandidate(analystLlm, limits) : null
  const ctx: AnswerContext = {
    replies: stores.replies,
    sources: stores.sources,
    models: { list: () => chain, analyst, limitedModels: capacity ? chain.map(({ id }) => ({ id, capacity })) : [] },
    replyDeadlineMs: DEADLINE_MS,
    bus: hints.bus,
    replyStreams: hints.replyStreams,
    queue: hints.queue,
    cancelSignals: cancels,
    historyLimit: 20,
    promptSettings: PROMPT_SETTINGS,
    clock,
    log,
    recordDuration: (done) => void measured.push(done),
  }
  const place: Place = await aPlace(stores)
  await prepare?.(stores, place)
  const asked = await stores.messages.ask(aQuestion(place, { text }))
  const ref = { message_id: asked.reply.message.message_id, attempt: 0 }
  const publishedHints: Array<{ type: string; attempt?: number; text?: string }> = []
  const feed = hints.feed('node')
  await feed.subscribe(place.event_id)
  feed.onHint((_, hint) => {
    if (hint.type === 'deltas')
      publishedHints.push(...hint.deltas.map(({ attempt, text }) => ({ type: 'delta', attempt, text })))
    else publishedHints.push({ type: hint.type })
  })
  return {
    clock,
    stores,
    hints,
    log,
    ctx,
    place,
    ref,
    asked,
    publishedHints,
    measured,
    /** Lets time pass in steps in which a live worker renews its lease. */
    async passTime(ms: number) {
      for (let passedMs = 0; passedMs < ms; passedMs += RENEW_INTERVAL_MS) await clock.advance(RENEW_INTERVAL_MS)
    },
    /** Lets the pause pass after which a model is called again. */
    async passRetryPause() {
      await clock.advance(await clock.waitForSleep(...RETRY_PAUSE_MS))
    },
    /** Returns the reply's row as it is stored. */
    getRow: () => stores.data.messages.get(ref.message_id)?.row,
    getContent: () => stores.data.messages.get(ref.message_id)?.row.message.message_content,
  }
}
