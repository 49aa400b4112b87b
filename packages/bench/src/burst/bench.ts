import { waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { sendAll } from '../load/load.ts'
import type { Measurer } from '../measure/measurer.ts'
import { quantile, toRoundStats } from '../measure/quantiles.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createQuestions } from '../send/requests.ts'

type BurstSizes = Scale['burst']

interface BurstStats {
  /** Holds the time of each reply from its question's commit to its final row, by MySQL's clock. */
  waitsMs: number[]
  /** Counts the calls that the model refused. */
  refused: number
}

const LIMITED = 'with LLM_MAX_CONCURRENT'
const UNLIMITED = 'without it: retries after 429'
/** The median answer may take at most this multiple of the shortest possible time. */
const MAX_RATIO = 1.5
/** The measurement fails if a reply is still unfinished this long after the last question was accepted. */
const BURST_TIMEOUT_MS = 600_000

/** Measures how long people wait if all ask at the same time and the model takes only a few concurrent calls. */
export async function benchBurst({ burst: sizes }: Scale, measurer: Measurer): Promise<BenchReport> {
  const stack = await startStack()
  try {
    const api = await stack.startApi()
    const database = await openBulkDatabase(stack.mysql.url, sizes.questions)
    const measure = (env: Record<string, string>) =>
      measurer.measure(() => measureBurst({ stack, database, api, sizes }, env))
    const results = {
      [LIMITED]: await measure({ LLM_MAX_CONCURRENT: String(sizes.maxConcurrent) }),
      [UNLIMITED]: await measure({}),
    }
    await database.close()
    const ratio = quantile(results[LIMITED].waitsMs, 0.5) / computeShortestMs(sizes, 0.5)
    return {
      bench: 'burst',
      tables: [toTable(sizes, results)],
      goals: [createMaximumGoal('p50, × the shortest possible', MAX_RATIO, '', toRoundStats([ratio]))],
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
  sizes: BurstSizes
}

/**
 * Starts a model with a limited number of calls and two workers, sends all questions within about a second, and waits
 * until all of them have an answer.
 */
async function measureBurst({ stack, database, api, sizes }: Setup, env: Record<string, string>): Promise<BurstStats> {
  let refused = 0
  const variables = { MAX_CALLS: String(sizes.maxConcurrent), ANSWER_MS: String(sizes.answerMs) }
  // The provider prints only a line for each call that it refuses.
  const provider = await startProgram('limited-provider', variables, () => {
    refused += 1
  })
  const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none', LLM_FALLBACK: 'none', ...env }
  const workers = await Promise.all([stack.startWorker(llm), stack.startWorker(llm)])
  try {
    const rooms = await database.createRooms(sizes.rooms)
    const { createRequest } = createQuestions(database.users, rooms)
    await sendAll({ url: api.url, createRequest }, sizes.questions)
    await waitUntil('every reply', async () => (await database.countUnfinished()) === 0, BURST_TIMEOUT_MS)
    return { refused, waitsMs: await readWaitsMs(database, rooms, sizes.questions) }
  } finally {
    await Promise.all([provider, ...workers].map((process) => process.kill()))
  }
}

/**
 * Reads how long each answer took.
 * @throws Error if a question has no answer, because replies that end early as an error would make the others faster
 */
async function readWaitsMs({ pool }: BulkDatabase, rooms: string[], questions: number): Promise<number[]> {
  const [rows] = await pool.query<Array<{ waitMs: number } & RowDataPacket>>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, created_at, updated_at) / 1e3 AS waitMs FROM messages
     WHERE event_id IN (?) AND reply_to IS NOT NULL AND message_type = 'chat'`,
    [rooms],
  )
  if (rows.length !== questions) throw new Error(`${questions} questions were asked, ${rows.length} answered.`)
  return rows.map(({ waitMs }) => waitMs)
}

/** Returns the time after which this share of the questions is answered if the model is never idle. */
const computeShortestMs = ({ questions, maxConcurrent, answerMs }: BurstSizes, share: number): number =>
  Math.ceil((questions * share) / maxConcurrent) * answerMs

function toTable(sizes: BurstSizes, results: Record<string, BurstStats>): Table {
  const { questions, rooms, maxConcurrent, answerMs } = sizes
  const shortest = [0.5, 0.95, 1].map((share) => formatNumber(computeShortestMs(sizes, share) / 1_000))
  return {
    title: `${questions} people ask at the same time in ${rooms} rooms; the model takes ${maxConcurrent} calls at once, ${answerMs} ms each`,
    head: ['', 'p50 s', 'p95 s', 'slowest s', 'calls refused'],
    rows: [
      ...Object.entries(results).map(([label, { waitsMs, refused }]) => [
        label,
        ...[0.5, 0.95, 1].map((share) => formatNumber(quantile(waitsMs, share) / 1_000)),
        formatNumber(refused),
      ]),
      ['the shortest possible', ...shortest, '0'],
    ],
    notes: ['All questions are answered, without an error.'],
  }
}
