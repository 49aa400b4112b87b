import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '@engineer-chat/proof'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { runOpenLoop, sendAll } from '../load/load.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'

type AwaySizes = Scale['redisAway']

interface AwayStats {
  /** Holds the time of each reply beyond the model's own, by MySQL's clock. */
  beyondMs: number[]
  /** Counts the questions for which the model was called more than once. */
  askedTwice: number
  /** Is how long a worker took to end after SIGTERM, beyond the model's time. */
  stoppedMs: number
}

const PIECES = 10
const PIECE_INTERVAL_MS = 100
/** The first piece waits for up to one interval, and the end for another one. */
const MODEL_MS = (PIECES + 1) * PIECE_INTERVAL_MS
const MAX_BEYOND_MS = 5_000
/** A stopping worker closes its connections within this time. */
const MAX_STOP_MS = 10_000
/** One session never has two unanswered questions, because this many seconds pass before an asker's turn comes again. */
const TURN_S = 30

const OUTAGES = ['stopped', 'hanging'] as const
type Outage = (typeof OUTAGES)[number]

/** Measures how long people wait while Redis is away under load, and whether its return doubles anything. */
export async function benchRedisAway({ redisAway: sizes }: Scale, machine: IdleMachine): Promise<BenchReport> {
  const stack = await startStack()
  try {
    const api = await stack.startApi()
    const database = await openBulkDatabase(stack.mysql.url, Math.ceil(sizes.perSecond * TURN_S))
    const measure = (outage: Outage) =>
      machine.measureOnce(() => measureOutage({ stack, database, api, sizes }, outage))
    const results: Record<Outage, AwayStats> = { stopped: await measure('stopped'), hanging: await measure('hanging') }
    await database.close()
    return {
      bench: 'redis-away',
      tables: [toTable(sizes, results)],
      goals: OUTAGES.flatMap((outage) => listGoals(outage, results[outage])),
      data: results,
    }
  } finally {
    await stack.stop()
  }
}

interface Setup {
  stack: Stack
  database: BulkDatabase
  api: LaunchedProcess
  sizes: AwaySizes
}

/** Lets people ask all the time while Redis is away, and stops a worker halfway. */
async function measureOutage({ stack, database, api, sizes }: Setup, outage: Outage): Promise<AwayStats> {
  const { outageMs, perSecond } = sizes
  const callCounts = new Map<string, number>()
  const pace = { PIECES: String(PIECES), PIECE_INTERVAL_MS: String(PIECE_INTERVAL_MS) }
  const provider = await startProgram('provider', pace, (line) => {
    const [, marker] = /^asked (\d+) /.exec(line) ?? []
    if (marker !== undefined) callCounts.set(marker, (callCounts.get(marker) ?? 0) + 1)
  })
  const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none', LLM_FALLBACK: 'none' }
  const [worker, stoppedWorker] = await Promise.all([stack.startWorker(llm), stack.startWorker(llm)])
  try {
    const rooms = await database.createRooms(4)
    const { createRequest } = createQuestions(database.users, rooms, (index) => `pick-up-${index}`)
    const load = { url: api.url, createRequest }
    await sendAll(load, 1)
    await waitUntilAnswered(database)
    const bringBack = await takeAway(stack, outage)
    const asking = runOpenLoop(load, perSecond, outageMs)
    await sleep(outageMs / 2)
    const startedAtMs = performance.now()
    await stoppedWorker.stop()
    const stoppedMs = performance.now() - startedAtMs - MODEL_MS
    const { count } = await asking
    await waitUntilAnswered(database)
    await bringBack()
    // Jobs that Redis had kept come before this one.
    await sendAll(load, 1)
    await waitUntilAnswered(database)
    const askedTwice = [...callCounts.values()].filter((calls) => calls > 1).length
    return { beyondMs: await readBeyondMs(database, rooms, count + 2), askedTwice, stoppedMs }
  } finally {
    await Promise.all([provider, worker, stoppedWorker].map((process) => process.kill()))
  }
}

/** Returns a function that brings Redis back. */
async function takeAway({ redis }: Stack, outage: Outage): Promise<() => Promise<void>> {
  if (outage === 'stopped') {
    await redis.kill()
    return () => redis.restart()
  }
  process.kill(redis.pid, 'SIGSTOP')
  return async () => void process.kill(redis.pid, 'SIGCONT')
}

/** @throws Error if a question has no answer or two, because what is measured would be something else */
async function readBeyondMs({ pool }: BulkDatabase, rooms: string[], questions: number): Promise<number[]> {
  const [rows] = await pool.query<Array<{ waitMs: number } & import('mysql2').RowDataPacket>>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, created_at, updated_at) / 1e3 + 0e0 AS waitMs FROM messages
     WHERE event_id IN (?) AND reply_to IS NOT NULL AND message_type = 'chat'`,
    [rooms],
  )
  if (rows.length !== questions) throw new Error(`${questions} asked, ${rows.length} answered.`)
  return rows.map(({ waitMs }) => waitMs - MODEL_MS)
}

/** An answer that takes this long ends the measurement. */
const LONGEST_ANSWER_MS = 60_000

const waitUntilAnswered = (database: BulkDatabase): Promise<unknown> =>
  waitUntil(
    'every reply',
    async () =>
      (await database.readNumber('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL')) === 0,
    LONGEST_ANSWER_MS,
  )

const listGoals = (outage: Outage, { beyondMs, askedTwice, stoppedMs }: AwayStats): Goal[] => [
  createMaximumGoal(
    `${outage}: the slowest answer beyond the model`,
    MAX_BEYOND_MS,
    'ms',
    toRoundStats([Math.max(...beyondMs)]),
  ),
  createMaximumGoal(`${outage}: questions asked of the model twice`, 0, '', toRoundStats([askedTwice])),
  createMaximumGoal(`${outage}: a worker stops within`, MAX_STOP_MS, 'ms', toRoundStats([stoppedMs])),
]

function toTable({ outageMs, perSecond }: AwaySizes, results: Record<Outage, AwayStats>): Table {
  return {
    title: `${perSecond} questions a second while Redis is away for ${outageMs / 1_000} s, model of ${MODEL_MS} ms`,
    head: ['Redis', 'answered', 'p50 ms', 'p99 ms', 'slowest ms', 'a worker stops, ms'],
    rows: OUTAGES.map((outage) => {
      const { beyondMs, stoppedMs } = results[outage]
      const times = [0.5, 0.99, 1].map((share) => formatNumber(quantile(beyondMs, share)))
      return [outage, formatNumber(beyondMs.length), ...times, formatNumber(stoppedMs)]
    }),
    notes: ['Times are those beyond the model’s own. All are answered once, without an error.'],
  }
}
