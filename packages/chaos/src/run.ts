import { setTimeout as sleep } from 'node:timers/promises'
import { checkLogs, checkPrivate } from './check/private.ts'
import { checkStored } from './check/stored.ts'
import { readTruth, unfinished } from './check/truth.ts'
import { checkNumbersSeen, checkView } from './check/views.ts'
import { type Cluster, startCluster } from './cluster/cluster.ts'
import type { RedisForm } from './cluster/redis.ts'
import { createFaultInjector } from './faults/fault-injector.ts'
import { createSchedule, describe, type Planned } from './faults/schedule.ts'
import { Follower } from './follow/follower.ts'
import { agent } from './load/agent.ts'
import { engineer } from './load/engineer.ts'
import { Ledger } from './load/ledger.ts'
import { eventsOf, makeWorld, type World } from './load/world.ts'
import { seeded } from './random.ts'
import type { Report } from './report.ts'

export interface ChaosOptions {
  seed: number
  /** How long faults are begun; setting up, settling and checking come on top. */
  length_ms: number
  apis?: number
  workers?: number
  /** What Redis is made of; `single` if left out. */
  redis?: RedisForm
  engineers?: number
  events?: number
  /** Instead of what the seed gives. */
  schedule?: Planned[]
  say(line: string): void
}

/** A lease, a sweep, and two calls to the model with their pause, for as many questions as a session may hold. */
const SETTLE_WITHIN_MS = 90_000
const SEEN_WITHIN_MS = 25_000
/** When everything is whole again, a request that was begun before is to succeed within this. */
const INSIST_MS = 30_000
/** When the last fault is over, what died runs again within this. */
const WHOLE_WITHIN_MS = 120_000

/** One run from nothing to its report: load, faults, an end to both, and the checks. */
export async function chaos(options: ChaosOptions): Promise<Report> {
  const { seed, length_ms, apis = 3, workers = 3, redis = 'single', say } = options
  const random = seeded(seed)
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
    const { settled_ms, truth, found } = await strikeAndCheck().catch((error: Error) => {
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
      counts: countsOf(cluster, ledger, load.followers, truth?.rows ?? []),
      answers: Object.fromEntries([...ledger.answers].sort()),
    }

    async function strikeAndCheck() {
      await strikeAll(cluster, schedule, note, say)
      await healed(cluster)
      say('           everything is whole again')
      await load.stop(over)
      say('           all requests have their answers')
      const settled_ms = await settle(cluster)
      say(`           settled after ${settled_ms} ms`)
      const truth = await readTruth(cluster.product.mysql.url)
      const views = await seen(load.followers, truth)
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
  random: ReturnType<typeof seeded>,
  { engineers = 4, events = 3 }: ChaosOptions,
  over: AbortSignal,
) {
  const { url } = cluster
  const world: World = await makeWorld({ url, database: cluster.product.mysql.url, ledger, engineers, events, over })
  const stopping = new AbortController()
  const followers = [...world.engineers, world.agent].flatMap((who) =>
    eventsOf(world, who).map((event_id) => {
      const own = random.branch(`${who.username} follows ${world.events.indexOf(event_id)}`)
      return new Follower({ url, who, event_id, ledger, random: own })
    }),
  )
  const doing = world.engineers.map((who) =>
    engineer(who, { events: eventsOf(world, who), ledger, random: random.branch(who.username), stop: stopping.signal }),
  )
  doing.push(agent(world.agent, { ...world, ledger, random: random.branch('agent'), stop: stopping.signal }))
  return {
    world,
    followers,
    /** Nothing new is begun; what was begun is brought to its end. */
    stop: async (over: AbortController) => {
      stopping.abort()
      const impatient = setTimeout(() => {
        ledger.violation(`requests are still refused after ${INSIST_MS} ms: ${JSON.stringify([...ledger.open])}`)
        over.abort()
      }, INSIST_MS)
      await Promise.all(doing)
      clearTimeout(impatient)
    },
  }
}

async function strikeAll(
  cluster: Cluster,
  schedule: Planned[],
  note: (text: string) => void,
  say: (line: string) => void,
) {
  const strike = createFaultInjector(cluster, note)
  const began = performance.now()
  const strikes: Array<Promise<void>> = []
  for (const planned of schedule) {
    await sleep(Math.max(0, planned.at_ms - (performance.now() - began)))
    say(describe(planned))
    const striking = strike(planned)
    striking.catch(() => {}) // told at the end, and no reason to leave the rest as it is
    strikes.push(striking)
  }
  await Promise.all(strikes)
}

/** The last fault is over: everything that was broken is whole, and everything that died runs. */
async function healed(cluster: Cluster): Promise<void> {
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

/** Milliseconds until no reply was unfinished; what still is after all tries is left for the check to name. */
async function settle(cluster: Cluster): Promise<number> {
  const began = performance.now()
  while ((await unfinished(cluster.product.mysql.url)) > 0 && performance.now() - began < SETTLE_WITHIN_MS) {
    await sleep(200)
  }
  return Math.round(performance.now() - began)
}

/** Followers may need a comparison or a reconnect to see the last change. */
async function seen(followers: Follower[], truth: Awaited<ReturnType<typeof readTruth>>): Promise<string[]> {
  const began = performance.now()
  for (;;) {
    const wrong = followers.flatMap((follower) => checkView(follower, truth))
    if (wrong.length === 0 || performance.now() - began > SEEN_WITHIN_MS) return wrong
    await sleep(200)
  }
}

function countsOf(
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
