import { setTimeout as sleep } from 'node:timers/promises'
import { checkLogs, checkPrivate } from './check/private.ts'
import { checkStored } from './check/stored.ts'
import { countUnfinished, readTruth } from './check/truth.ts'
import { checkNumbersSeen, checkView } from './check/views.ts'
import { type Cluster, startCluster } from './cluster/cluster.ts'
import type { RedisForm } from './cluster/redis.ts'
import { FaultInjector } from './faults/fault-injector.ts'
import { createSchedule, describe, type Planned } from './faults/schedule.ts'
import { Follower } from './follow/follower.ts'
import { runAgent } from './load/agent.ts'
import { runEngineer } from './load/engineer.ts'
import { Ledger } from './load/ledger.ts'
import { createWorld, listEvents, type World } from './load/world.ts'
import { createRandom } from './random.ts'
import type { Report } from './report.ts'

export interface ChaosOptions {
  seed: number
  /** Faults begin during this time; setting up, settling and checking take more. */
  length_ms: number
  apis?: number
  workers?: number
  /** Is the form of Redis; `single` if it is left out. */
  redis?: RedisForm
  engineers?: number
  events?: number
  /** Replaces the schedule that the seed gives. */
  schedule?: Planned[]
  say(line: string): void
}

/** Is enough for a lease, a sweep and two calls to the model with their pause, for as many questions as a session holds. */
const SETTLE_WITHIN_MS = 90_000
const SEEN_WITHIN_MS = 25_000
/** A request that was begun before everything was whole again must succeed within this time. */
const REQUESTS_WITHIN_MS = 30_000
/** After the last fault every process must run again within this time. */
const WHOLE_WITHIN_MS = 120_000

/** Runs the product under load and faults, ends both, checks what was promised, and reports. */
export async function chaos(options: ChaosOptions): Promise<Report> {
  const { seed, length_ms, apis = 3, workers = 3, redis = 'single', say } = options
  const random = createRandom(seed)
  const schedule = options.schedule ?? createSchedule(random.branch('schedule'), { apis, workers, length_ms, redis })
  const ledger = new Ledger()
  const notes: string[] = []
  const note = (text: string): undefined => {
    notes.push(text)
    say(`           ${text}`)
  }
  const onDeath = (name: string, code: number | string, log: string[]) => {
    ledger.violation(`${name} ended by itself with ${code}: ${log.slice(-3).join(' | ').slice(0, 1_000)}`)
  }
  const cluster = await startCluster({ apis, workers, redis, random, onDeath, onFailure: note })
  const over = new AbortController()
  try {
    const load = await startLoad(cluster, ledger, random.branch('load'), options, over.signal)
    const began = performance.now()
    const { settled_ms, truth, found } = await breakAndCheck().catch((error: Error) => {
      const found = [`the run broke off: ${error.message.slice(0, 1_000)}`]
      return { settled_ms: 0, truth: undefined, found }
    })
    return {
      seed,
      length_ms,
      apis,
      workers,
      redis,
      took_ms: Math.round(performance.now() - began),
      settled_ms,
      violations: [...ledger.violations, ...found, ...checkLogs(cluster.log())],
      notes,
      schedule: schedule.map(describe),
      counts: count(cluster, ledger, load.followers, truth?.rows ?? []),
      answers: Object.fromEntries([...ledger.answers].sort()),
    }

    async function breakAndCheck() {
      await injectAll(cluster, schedule, note, say)
      await waitUntilWhole(cluster)
      say('           everything is whole again')
      await load.stop(over)
      say('           all requests have their answers')
      const settled_ms = await settle(cluster)
      say(`           settled after ${settled_ms} ms`)
      const truth = await readTruth(cluster.product.mysql.url)
      const views = await waitForViews(load.followers, truth)
      for (const follower of load.followers) follower.close()
      const stored = checkStored(truth, ledger)
      const unlike = checkNumbersSeen(load.followers)
      return { settled_ms, truth, found: [...stored, ...views, ...unlike, ...checkPrivate(truth, ledger, load.world)] }
    }
  } finally {
    over.abort()
    await cluster.stop()
  }
}

async function startLoad(
  cluster: Cluster,
  ledger: Ledger,
  random: ReturnType<typeof createRandom>,
  { engineers = 4, events = 3 }: ChaosOptions,
  over: AbortSignal,
) {
  const { url } = cluster
  const world: World = await createWorld({ url, database: cluster.product.mysql.url, ledger, engineers, events, over })
  const stopping = new AbortController()
  const followers = [...world.engineers, world.agent].flatMap((who) =>
    listEvents(world, who).map((event_id) => {
      const own = random.branch(`${who.username} follows ${world.events.indexOf(event_id)}`)
      return new Follower({ url, who, event_id, ledger, random: own })
    }),
  )
  const actors = world.engineers.map((who) =>
    runEngineer(who, {
      events: listEvents(world, who),
      ledger,
      random: random.branch(who.username),
      stop: stopping.signal,
    }),
  )
  actors.push(runAgent(world.agent, { ...world, ledger, random: random.branch('agent'), stop: stopping.signal }))
  return {
    world,
    followers,
    /** Begins no new request, and waits for the answers to those that were begun. */
    stop: async (over: AbortController) => {
      stopping.abort()
      const deadline = setTimeout(() => {
        ledger.violation(
          `requests are still refused after ${REQUESTS_WITHIN_MS} ms: ${JSON.stringify([...ledger.open])}`,
        )
        over.abort()
      }, REQUESTS_WITHIN_MS)
      await Promise.all(actors)
      clearTimeout(deadline)
    },
  }
}

async function injectAll(
  cluster: Cluster,
  schedule: Planned[],
  note: (text: string) => void,
  say: (line: string) => void,
) {
  const injector = new FaultInjector(cluster, note)
  const began = performance.now()
  const injected: Array<Promise<void>> = []
  for (const planned of schedule) {
    await sleep(Math.max(0, planned.at_ms - (performance.now() - began)))
    say(describe(planned))
    const one = injector.inject(planned)
    one.catch(() => {}) // A failure is thrown at the end, so that it does not stop the other faults.
    injected.push(one)
  }
  await Promise.all(injected)
}

/** Waits until everything that was broken is whole and everything that died runs. */
async function waitUntilWhole(cluster: Cluster): Promise<void> {
  for (const link of cluster.links) if (link.fault !== null) throw new Error(`${link.name} is still broken`)
  const began = performance.now()
  for (;;) {
    const down = cluster.slots.filter((slot) => slot.running === undefined).map(({ name }) => name)
    if (down.length === 0) break
    if (performance.now() - began > WHOLE_WITHIN_MS) throw new Error(`${down.join(', ')} can't be started again`)
    await sleep(50)
  }
  await cluster.product.redis.healed()
}

/** Waits until every reply is finished and returns the milliseconds. The check names those that never are. */
async function settle(cluster: Cluster): Promise<number> {
  const began = performance.now()
  while ((await countUnfinished(cluster.product.mysql.url)) > 0 && performance.now() - began < SETTLE_WITHIN_MS) {
    await sleep(200)
  }
  return Math.round(performance.now() - began)
}

/** Waits until followers saw the last change, for which they may need a comparison or a reconnect. */
async function waitForViews(followers: Follower[], truth: Awaited<ReturnType<typeof readTruth>>): Promise<string[]> {
  const began = performance.now()
  for (;;) {
    const wrong = followers.flatMap((follower) => checkView(follower, truth))
    if (wrong.length === 0 || performance.now() - began > SEEN_WITHIN_MS) return wrong
    await sleep(200)
  }
}

function count(
  cluster: Cluster,
  ledger: Ledger,
  followers: Follower[],
  rows: Array<{ reply_to: string | null; message_type: string; attempt: number }>,
) {
  const replies = rows.filter((row) => row.reply_to !== null)
  return {
    questions: ledger.questions.length,
    posts: ledger.posts.length,
    answers: replies.filter((row) => row.message_type === 'chat').length,
    errors: replies.filter((row) => row.message_type === 'error').length,
    highest_attempt: Math.max(0, ...replies.map((row) => row.attempt)),
    calls_answered: cluster.llm.answered,
    followers: followers.length,
    connections: followers.reduce((sum, follower) => sum + follower.connections, 0),
    frames: followers.reduce((sum, follower) => sum + follower.room.frames, 0),
  }
}
