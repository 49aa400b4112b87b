import { setTimeout as sleep } from 'node:timers/promises'
import { checkLogs, checkPrivacy } from './check/check-privacy.ts'
import { checkStored } from './check/check-stored.ts'
import { checkSequenceNumbers, checkView } from './check/check-views.ts'
import { countUnfinished, readStoredState, type StoredRow, type StoredState } from './check/stored-state.ts'
import { type Cluster, startCluster } from './cluster/cluster.ts'
import type { RedisForm } from './cluster/redis.ts'
import { FaultInjector } from './faults/fault-injector.ts'
import { createSchedule, describeFault, type PlannedFault } from './faults/schedule.ts'
import { Follower } from './follow/follower.ts'
import { runAgent } from './load/agent.ts'
import { runEngineer } from './load/engineer.ts'
import { Ledger } from './load/ledger.ts'
import { createScenario, listEvents, type Scenario } from './load/scenario.ts'
import { createRandom, type Random } from './random.ts'
import type { ChaosReport } from './report.ts'

export interface ChaosOptions {
  seed: number
  /** Faults begin during this time. The set-up before it and the checks after it take additional time. */
  lengthMs: number
  apis?: number
  workers?: number
  /** Is the form of Redis; `single` if it is left out. */
  redis?: RedisForm
  engineers?: number
  events?: number
  /** Replaces the schedule that the seed gives. */
  schedule?: PlannedFault[]
  print(line: string): void
}

/** Is enough for all questions of a full session. Each may need a lease, a sweep, and two calls with a pause. */
const SETTLE_WITHIN_MS = 90_000
/** After the last reply is finished, every follower must have the same messages as MySQL within this time. */
const VIEWS_WITHIN_MS = 25_000
/** A request that began before the last fault was repaired must succeed within this time. */
const REQUESTS_WITHIN_MS = 30_000
/** After the last fault every process must run again within this time. */
const RESTART_WITHIN_MS = 120_000

/** Runs the product under load with faults, stops both, checks every rule of the contract, and returns a report. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, lengthMs, apis = 3, workers = 3, redis = 'single', print } = options
  const random = createRandom(seed)
  const schedule = options.schedule ?? createSchedule(random.branch('schedule'), { apis, workers, lengthMs, redis })
  const ledger = new Ledger()
  const notes: string[] = []
  const note = (text: string): undefined => {
    notes.push(text)
    print(`           ${text}`)
  }
  const onDeath = (name: string, code: number | string, log: string[]) => {
    ledger.addViolation(`${name} ended by itself with ${code}: ${log.slice(-3).join(' | ').slice(0, 1_000)}`)
  }
  const cluster = await startCluster({ apis, workers, redis, random, onDeath, onFailure: note })
  const aborter = new AbortController()
  try {
    const load = await startLoad(cluster, ledger, random.branch('load'), options, aborter.signal)
    const startedAtMs = performance.now()
    const context = { cluster, schedule, ledger, load, aborter, note, print }
    const { settledMs, rows, violations } = await injectAndCheck(context).catch((error: Error): CheckResult => {
      const violations = [`the run broke off: ${error.message.slice(0, 1_000)}`]
      return { settledMs: 0, rows: [], violations }
    })
    return {
      seed,
      length_ms: lengthMs,
      apis,
      workers,
      redis,
      took_ms: Math.round(performance.now() - startedAtMs),
      settled_ms: settledMs,
      violations: [...ledger.violations, ...violations, ...checkLogs(cluster.listLogLines())],
      notes,
      schedule: schedule.map(describeFault),
      counts: countResults(cluster, ledger, load.followers, rows),
      answers: Object.fromEntries([...ledger.answers].sort()),
    }
  } finally {
    aborter.abort()
    await cluster.stop()
  }
}

interface RunContext {
  cluster: Cluster
  schedule: PlannedFault[]
  ledger: Ledger
  load: Awaited<ReturnType<typeof startLoad>>
  aborter: AbortController
  note(text: string): void
  print(line: string): void
}

interface CheckResult {
  settledMs: number
  rows: StoredRow[]
  violations: string[]
}

/** Injects all faults, waits until the product has recovered, and compares what followers saw with what is stored. */
async function injectAndCheck(context: RunContext): Promise<CheckResult> {
  const { cluster, schedule, ledger, load, aborter, note, print } = context
  await injectAll(cluster, schedule, note, print)
  await waitUntilRepaired(cluster)
  print('           all processes and servers run again')
  await load.stop(aborter)
  print('           all requests have their answers')
  const settledMs = await waitUntilSettled(cluster)
  print(`           settled after ${settledMs} ms`)
  const storedState = await readStoredState(cluster.product.mysql.url)
  const differences = await waitForViews(load.followers, storedState)
  for (const follower of load.followers) follower.close()
  const violations = [
    ...checkStored(storedState, ledger),
    ...differences,
    ...checkSequenceNumbers(load.followers),
    ...checkPrivacy(storedState, ledger, load.scenario),
  ]
  return { settledMs, rows: storedState.rows, violations }
}

async function startLoad(
  cluster: Cluster,
  ledger: Ledger,
  random: Random,
  { engineers = 4, events = 3 }: ChaosOptions,
  signal: AbortSignal,
) {
  const { url } = cluster
  const scenario: Scenario = await createScenario({
    url,
    databaseUrl: cluster.product.mysql.url,
    ledger,
    engineers,
    events,
    signal,
  })
  const stopping = new AbortController()
  const followers = [...scenario.engineers, scenario.agent].flatMap((caller) =>
    listEvents(scenario, caller).map((event_id) => {
      const followerRandom = random.branch(`${caller.username} follows ${scenario.events.indexOf(event_id)}`)
      return new Follower({ url, caller, event_id, ledger, random: followerRandom })
    }),
  )
  const actors = scenario.engineers.map((caller) =>
    runEngineer(caller, {
      events: listEvents(scenario, caller),
      ledger,
      random: random.branch(caller.username),
      signal: stopping.signal,
    }),
  )
  actors.push(
    runAgent(scenario.agent, { ...scenario, ledger, random: random.branch('agent'), signal: stopping.signal }),
  )
  return {
    scenario,
    followers,
    /** Stops the actors and waits for the answers to their last requests. */
    stop: async (aborter: AbortController) => {
      stopping.abort()
      const deadline = setTimeout(() => {
        ledger.addViolation(
          `requests are still refused after ${REQUESTS_WITHIN_MS} ms: ${JSON.stringify([...ledger.pendingRequests])}`,
        )
        aborter.abort()
      }, REQUESTS_WITHIN_MS)
      await Promise.all(actors)
      clearTimeout(deadline)
    },
  }
}

async function injectAll(
  cluster: Cluster,
  schedule: PlannedFault[],
  note: (text: string) => void,
  print: (line: string) => void,
) {
  const injector = new FaultInjector(cluster, note)
  const startedAtMs = performance.now()
  const injections: Array<Promise<void>> = []
  for (const planned of schedule) {
    await sleep(Math.max(0, planned.startMs - (performance.now() - startedAtMs)))
    print(describeFault(planned))
    const injection = injector.inject(planned)
    injection.catch(() => {}) // The error is thrown below, so that it does not stop the other faults.
    injections.push(injection)
  }
  await Promise.all(injections)
}

/** Waits until no link is broken and every process and server runs again. */
async function waitUntilRepaired(cluster: Cluster): Promise<void> {
  for (const link of cluster.links) if (link.fault !== null) throw new Error(`${link.name} is still broken`)
  const startedAtMs = performance.now()
  for (;;) {
    const stoppedNames = cluster.slots.filter((slot) => slot.running === undefined).map(({ name }) => name)
    if (stoppedNames.length === 0) break
    if (performance.now() - startedAtMs > RESTART_WITHIN_MS)
      throw new Error(`${stoppedNames.join(', ')} can't be started again`)
    await sleep(50)
  }
  await cluster.product.redis.waitUntilHealthy()
}

/** Waits until every reply is finished, and returns how many milliseconds it took. */
async function waitUntilSettled(cluster: Cluster): Promise<number> {
  const startedAtMs = performance.now()
  while ((await countUnfinished(cluster.product.mysql.url)) > 0 && performance.now() - startedAtMs < SETTLE_WITHIN_MS) {
    await sleep(200)
  }
  return Math.round(performance.now() - startedAtMs)
}

/** Waits until all followers have the same messages as MySQL, and returns the differences that remain. */
async function waitForViews(followers: Follower[], storedState: StoredState): Promise<string[]> {
  const startedAtMs = performance.now()
  for (;;) {
    const differences = followers.flatMap((follower) => checkView(follower, storedState))
    if (differences.length === 0 || performance.now() - startedAtMs > VIEWS_WITHIN_MS) return differences
    await sleep(200)
  }
}

function countResults(cluster: Cluster, ledger: Ledger, followers: Follower[], rows: StoredRow[]) {
  const replies = rows.filter((row) => row.reply_to !== null)
  return {
    questions: ledger.questions.length,
    posts: ledger.posts.length,
    answers: replies.filter((row) => row.message_type === 'chat').length,
    errors: replies.filter((row) => row.message_type === 'error').length,
    highest_attempt: Math.max(0, ...replies.map((row) => row.attempt)),
    calls_answered: cluster.llm.answeredCalls,
    followers: followers.length,
    connections: followers.reduce((sum, follower) => sum + follower.connectionCount, 0),
    frames: followers.reduce((sum, follower) => sum + follower.room.frameCount, 0),
  }
}
