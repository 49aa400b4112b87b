import { setTimeout as sleep } from 'node:timers/promises'
import { checkLimits } from './check/check-limits.ts'
import { checkLogs, checkPrivacy } from './check/check-privacy.ts'
import { checkRedisOutages, type OutageCheckInput, type OutageReport } from './check/check-redis-outages.ts'
import { checkStored } from './check/check-stored.ts'
import { checkSequenceNumbers } from './check/check-views.ts'
import { listOverlaps } from './check/intervals.ts'
import { readStoredState, type StoredRow } from './check/stored-state.ts'
import { describeFault, type PlannedFault } from './faults/fault.ts'
import { FaultInjector } from './faults/fault-injector.ts'
import { createSchedule } from './faults/schedule.ts'
import type { Follower } from './follow/follower.ts'
import { Ledger } from './load/ledger.ts'
import { type RunningLoad, startLoad } from './load/start-load.ts'
import { createRandom } from './random.ts'
import type { ChaosReport } from './report.ts'
import { waitForViews, waitUntilRepaired, waitUntilSettled } from './settle.ts'
import { MODEL_LIMITS } from './testbed/models.ts'
import type { RedisTopology } from './testbed/redis.ts'
import { startTestbed, type Testbed } from './testbed/testbed.ts'

export interface ChaosOptions {
  seed: number
  /** Every fault begins within this time. The set-up before it and the checks after it take additional time. */
  lengthMs: number
  apis?: number
  workers?: number
  /** Chooses the topology of Redis. The default is `single`. */
  redis?: RedisTopology
  engineers?: number
  events?: number
  /** Allows answers to take this much longer than promised during an outage of Redis. */
  answerMarginMs?: number
  /** Replaces the schedule that the seed gives. */
  schedule?: PlannedFault[]
  print(line: string): void
}

/** The default of `answerMarginMs` is not 0, because other programs may use the same processors. */
const ANSWER_MARGIN_MS = 2_000
/** The report quotes the beginning of a log or an error, up to this length. */
const MAX_QUOTE_CHARACTERS = 1_000
/** `describeFault` begins with a time of this width. Other lines are indented by the same width. */
const INDENT = ' '.repeat(11)

/**
 * Runs the product under load and injects all faults. Then it stops the load, waits until the product has recovered,
 * checks what was stored, sent and logged, and returns a report. The product is stopped at the end.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, lengthMs, apis = 3, workers = 3, redis = 'single', answerMarginMs = ANSWER_MARGIN_MS, print } = options
  const random = createRandom(seed)
  const schedule = options.schedule ?? createSchedule(random.branch('schedule'), { apis, workers, lengthMs, redis })
  const ledger = new Ledger()
  const notes: string[] = []
  const addNote = (text: string): void => {
    notes.push(text)
    print(`${INDENT}${text}`)
  }
  const onDeath = (name: string, code: number | string, log: string[]) => {
    const lastLines = log.slice(-3).join(' | ').slice(0, MAX_QUOTE_CHARACTERS)
    ledger.addViolation(`${name} ended by itself with ${code}: ${lastLines}`)
  }
  const testbed = await startTestbed({ apis, workers, redis, random, onDeath, onStartFailure: addNote })
  // This aborter ends the repetition of requests that do not succeed.
  const retryAborter = new AbortController()
  try {
    const load = await startLoad(testbed, ledger, random.branch('load'), options, retryAborter.signal)
    const startedAtMs = performance.now()
    const injector = new FaultInjector(testbed, addNote)
    const context = { testbed, schedule, injector, ledger, load, retryAborter, answerMarginMs, print }
    const { settledMs, rows, outages, violations } = await injectAndCheck(context).catch(
      (error: Error): CheckResult => {
        const violations = [`the run failed: ${error.message.slice(0, MAX_QUOTE_CHARACTERS)}`]
        return { settledMs: 0, rows: [], outages: [], violations }
      },
    )
    return {
      seed,
      length_ms: lengthMs,
      apis,
      workers,
      redis,
      answer_margin_ms: answerMarginMs,
      took_ms: Math.round(performance.now() - startedAtMs),
      settled_ms: settledMs,
      violations: [...ledger.violations, ...violations, ...checkLogs(testbed.listLogLines())],
      notes,
      schedule: schedule.map(describeFault),
      outages,
      counts: countResults(testbed, ledger, load.followers, rows),
      // This field counts HTTP responses, not the AI's answers.
      answers: Object.fromEntries([...ledger.responseCounts].sort()),
    }
  } finally {
    retryAborter.abort()
    await testbed.stop()
  }
}

interface RunContext {
  testbed: Testbed
  schedule: PlannedFault[]
  injector: FaultInjector
  ledger: Ledger
  load: RunningLoad
  retryAborter: AbortController
  answerMarginMs: number
  print(line: string): void
}

interface CheckResult {
  settledMs: number
  rows: StoredRow[]
  outages: OutageReport[]
  violations: string[]
}

/**
 * Injects all faults, stops the load, waits until the product has recovered, and runs all checks except `checkLogs`.
 */
async function injectAndCheck(context: RunContext): Promise<CheckResult> {
  const { testbed, schedule, injector, ledger, load, retryAborter, print } = context
  await injectAll(injector, schedule, print)
  await waitUntilRepaired(testbed)
  print(`${INDENT}all processes and servers run again`)
  await load.stop(retryAborter)
  print(`${INDENT}all requests have their responses`)
  const settledMs = await waitUntilSettled(testbed)
  print(`${INDENT}settled after ${settledMs} ms`)
  const storedState = await readStoredState(testbed.product.mysql.url)
  const differences = await waitForViews(load.followers, storedState)
  for (const follower of load.followers) follower.close()
  const outages = checkRedisOutages(toOutageCheckInput(context))
  const violations = [
    ...checkStored(storedState, ledger),
    ...differences,
    ...checkSequenceNumbers(load.followers),
    ...checkPrivacy(storedState, ledger, load.scenario),
    ...checkLimits(testbed.llm.calls, injector.faults, MODEL_LIMITS),
    ...outages.violations,
  ]
  return { settledMs, rows: storedState.rows, outages: outages.reports, violations }
}

const toOutageCheckInput = ({ testbed, injector, ledger, load, answerMarginMs }: RunContext): OutageCheckInput => ({
  outages: injector.outages,
  calls: testbed.llm.calls,
  limits: MODEL_LIMITS,
  ledger,
  listPauses: (user_id, event_id) =>
    load.followers.find(({ caller, room }) => caller.user_id === user_id && room.event_id === event_id)?.pauses ?? [],
  listLogLines: (reply_id) => testbed.listLogLines().filter((line) => line.includes(reply_id)),
  marginMs: answerMarginMs,
})

async function injectAll(injector: FaultInjector, schedule: PlannedFault[], print: (line: string) => void) {
  const startedAtMs = performance.now()
  const injections: Array<Promise<void>> = []
  for (const plannedFault of schedule) {
    await sleep(Math.max(0, plannedFault.startMs - (performance.now() - startedAtMs)))
    print(describeFault(plannedFault))
    const injection = injector.inject(plannedFault)
    injection.catch(() => {}) // The error is thrown below, so that it does not stop the other faults.
    injections.push(injection)
  }
  await Promise.all(injections)
}

function countResults(testbed: Testbed, ledger: Ledger, followers: Follower[], rows: StoredRow[]) {
  const replies = rows.filter((row) => row.reply_to !== null)
  return {
    questions: ledger.questions.length,
    posts: ledger.posts.length,
    answers: replies.filter((row) => row.message_type === 'chat').length,
    errors: replies.filter((row) => row.message_type === 'error').length,
    highest_attempt: Math.max(0, ...replies.map((row) => row.attempt)),
    calls_answered: testbed.llm.answeredCalls,
    calls_refused: testbed.llm.refusedCalls,
    most_calls_at_once: countMostConcurrent(testbed.llm.calls),
    followers: followers.length,
    connections: followers.reduce((sum, follower) => sum + follower.connectionCount, 0),
    frames: followers.reduce((sum, follower) => sum + follower.room.frameCount, 0),
  }
}

function countMostConcurrent(calls: Testbed['llm']['calls']): number {
  let most = 0
  while (listOverlaps(calls, most + 1).length > 0) most += 1
  return most
}
