import { setTimeout as sleep } from 'node:timers/promises'
import { waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { runOpenLoop, sendAll } from '../load/load.ts'
import type { Measurer } from '../measure/measurer.ts'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'

type OutageSizes = Scale['redisAway']

interface OutageStats {
  /** Lists the time of each reply beyond the model's own time, by MySQL's clock. */
  beyondMs: number[]
  /** Counts the questions for which the model was called more than once. */
  askedTwice: number
  /** Gives the time that a worker took to stop: from SIGTERM to its end, minus the model's own time. */
  stoppedMs: number
}

const PIECES = 10
const PIECE_INTERVAL_MS = 100
/** The model waits up to one interval before its first piece, PIECES − 1 between the pieces, and one before the end. */
const MODEL_MS = (PIECES + 1) * PIECE_INTERVAL_MS
/**
 * The measurement waits three times until all replies have ended, each time after all questions so far were accepted.
 * It fails if a wait takes longer than this.
 */
const ANSWER_TIMEOUT_MS = 60_000
/** The goal is that an answer takes at most this time, without the model's own time. */
const MAX_BEYOND_MS = 5_000
/** The goal is that a stopping worker ends within this time, without the model's own time. */
const MAX_STOP_MS = 10_000
/** A user asks again after this time. Their last question is answered by then, so no question waits for another one. */
const ASK_INTERVAL_SECONDS = 30

const OUTAGES = ['stopped', 'hanging'] as const
type Outage = (typeof OUTAGES)[number]

/** Measures how long answers take during an outage of Redis, and whether a model is called twice for a question. */
export async function benchRedisAway({ redisAway: sizes }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  try {
    const api = await stack.startApi()
    const database = await openBulkDatabase(stack.mysql.url, Math.ceil(sizes.questionsPerSecond * ASK_INTERVAL_SECONDS))
    const measure = (outage: Outage) =>
      measurer.measureOnce(() => measureOutage({ stack, database, api, sizes }, outage))
    const results: Record<Outage, OutageStats> = {
      stopped: await measure('stopped'),
      hanging: await measure('hanging'),
    }
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
  sizes: OutageSizes
}

/** Asks questions during the whole outage, and stops a worker after half of it. */
async function measureOutage({ stack, database, api, sizes }: Setup, outage: Outage): Promise<OutageStats> {
  const { outageMs, questionsPerSecond } = sizes
  const callCounts = new Map<string, number>()
  const pace = { PIECES: String(PIECES), PIECE_INTERVAL_MS: String(PIECE_INTERVAL_MS) }
  const provider = await startProgram('provider', pace, (line) => {
    const [, marker] = /^asked (\d+) /.exec(line) ?? []
    if (marker !== undefined) callCounts.set(marker, (callCounts.get(marker) ?? 0) + 1)
  })
  const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none', LLM_FALLBACK: 'none' }
  const [worker, workerToStop] = await Promise.all([stack.startWorker(llm), stack.startWorker(llm)])
  try {
    const rooms = await database.createRooms(4)
    const { createRequest } = createQuestions(database.users, rooms, (index) => `marker-${index}`)
    const load = { url: api.url, createRequest }
    await sendAll(load, 1)
    await waitUntilAnswered(database)
    const restoreRedis = await breakRedis(stack, outage)
    const asking = runOpenLoop(load, questionsPerSecond, outageMs)
    asking.catch(() => {}) // A failure is thrown where the load is awaited.
    await sleep(outageMs / 2)
    const startedAtMs = performance.now()
    await workerToStop.stop()
    const workerStopMs = performance.now() - startedAtMs - MODEL_MS
    const { count } = await asking
    await waitUntilAnswered(database)
    await restoreRedis()
    // Redis may still hold jobs of questions that were answered without Redis. These jobs run before the job of this
    // question, so `callCounts` contains their calls of the model when this question is answered.
    await sendAll(load, 1)
    await waitUntilAnswered(database)
    const askedTwice = [...callCounts.values()].filter((calls) => calls > 1).length
    const questionCount = count + 2 // One question was sent before the outage, and one after it.
    return { beyondMs: await readBeyondMs(database, rooms, questionCount), askedTwice, stoppedMs: workerStopMs }
  } finally {
    await Promise.all([provider, worker, workerToStop].map((process) => process.kill()))
  }
}

/** Stops or freezes Redis, and returns a function that restores it. */
async function breakRedis({ redis }: Stack, outage: Outage): Promise<() => Promise<void>> {
  if (outage === 'stopped') {
    await redis.kill()
    return () => redis.restart()
  }
  process.kill(redis.pid, 'SIGSTOP')
  return async () => void process.kill(redis.pid, 'SIGCONT')
}

/** Reads how long each answer took, without the model's time. @throws Error unless each question has one answer */
async function readBeyondMs({ pool }: BulkDatabase, rooms: string[], questions: number): Promise<number[]> {
  const [rows] = await pool.query<Array<{ waitMs: number } & RowDataPacket>>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, created_at, updated_at) / 1e3 AS waitMs FROM messages
     WHERE event_id IN (?) AND reply_to IS NOT NULL AND message_type = 'chat'`,
    [rooms],
  )
  if (rows.length !== questions) throw new Error(`${questions} questions were asked, ${rows.length} answered.`)
  return rows.map(({ waitMs }) => waitMs - MODEL_MS)
}

const waitUntilAnswered = (database: BulkDatabase): Promise<unknown> =>
  waitUntil('every reply', async () => (await database.countUnfinished()) === 0, ANSWER_TIMEOUT_MS)

const listGoals = (outage: Outage, { beyondMs, askedTwice, stoppedMs: workerStopMs }: OutageStats): Goal[] => [
  createMaximumGoal(
    `${outage}: the slowest answer, without the model’s time`,
    MAX_BEYOND_MS,
    'ms',
    toRoundStats([Math.max(...beyondMs)]),
  ),
  createMaximumGoal(`${outage}: questions for which the model was called twice`, 0, '', toRoundStats([askedTwice])),
  createMaximumGoal(`${outage}: a worker stops within`, MAX_STOP_MS, 'ms', toRoundStats([workerStopMs])),
]

function toTable({ outageMs, questionsPerSecond }: OutageSizes, results: Record<Outage, OutageStats>): Table {
  return {
    title: `${questionsPerSecond} questions a second while Redis is away for ${outageMs / 1_000} s, model of ${MODEL_MS} ms`,
    head: ['Redis', 'answered', 'p50 ms', 'p99 ms', 'slowest ms', 'a worker stops, ms'],
    rows: OUTAGES.map((outage) => {
      const { beyondMs, stoppedMs: workerStopMs } = results[outage]
      const times = [0.5, 0.99, 1].map((share) => formatNumber(quantile(beyondMs, share)))
      return [outage, formatNumber(beyondMs.length), ...times, formatNumber(workerStopMs)]
    }),
    notes: ['Times do not include the model’s own time. Each question is answered once, without an error.'],
  }
}
