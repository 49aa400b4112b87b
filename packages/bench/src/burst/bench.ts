import { waitUntil } from '@engineer-chat/proof'
import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import { sendAll } from '../load/load.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
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

const LIMIT = 'with LLM_MAX_CONCURRENT'
const NO_LIMIT = 'by 429 alone'
/** Is how much longer than the shortest possible time half of the answers may take. */
const MAX_RATIO = 1.5
const LONGEST_BURST_MS = 600_000

/** Measures how long people wait who ask at once a model that takes only some of them. */
export async function benchBurst({ burst: sizes }: Scale, machine: IdleMachine): Promise<BenchReport> {
  const stack = await startStack()
  try {
    const api = await stack.startApi()
    const database = await openBulkDatabase(stack.mysql.url, sizes.questions)
    const measure = (env: Record<string, string>) =>
      machine.measure(() => measureBurst({ stack, database, api, sizes }, env))
    const results = {
      [LIMIT]: await measure({ LLM_MAX_CONCURRENT: String(sizes.atOnce) }),
      [NO_LIMIT]: await measure({}),
    }
    await database.close()
    const ratio = quantile(results[LIMIT].waitsMs, 0.5) / computeShortestMs(sizes, 0.5)
    return {
      bench: 'burst',
      tables: [toTable(sizes, results)],
      goals: [createMaximumGoal('p50 against the shortest possible', MAX_RATIO, '', toRoundStats([ratio]))],
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

/** Lets everybody ask within a second, and waits until all are answered by two workers. */
async function measureBurst({ stack, database, api, sizes }: Setup, env: Record<string, string>): Promise<BurstStats> {
  let refused = 0
  const variables = { MAX_CALLS: String(sizes.atOnce), ANSWER_MS: String(sizes.answerMs) }
  const provider = await startProgram('limited-provider', variables, () => {
    refused += 1
  })
  const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none', LLM_FALLBACK: 'none', ...env }
  const workers = await Promise.all([stack.startWorker(llm), stack.startWorker(llm)])
  try {
    const rooms = await database.createRooms(sizes.rooms)
    await sendAll(
      { url: api.url, createRequest: createQuestions(database.users, rooms).createRequest },
      sizes.questions,
    )
    await waitUntil('every reply', async () => (await countUnfinished(database)) === 0, LONGEST_BURST_MS)
    return { refused, waitsMs: await readWaitsMs(database, rooms, sizes.questions) }
  } finally {
    await Promise.all([provider, ...workers].map((process) => process.kill()))
  }
}

/** @throws Error if a question has no answer, because a burst of errors would be a quick one */
async function readWaitsMs({ pool }: BulkDatabase, rooms: string[], questions: number): Promise<number[]> {
  const [rows] = await pool.query<Array<{ waitMs: number } & import('mysql2').RowDataPacket>>(
    `SELECT TIMESTAMPDIFF(MICROSECOND, created_at, updated_at) / 1e3 + 0e0 AS waitMs FROM messages
     WHERE event_id IN (?) AND reply_to IS NOT NULL AND message_type = 'chat'`,
    [rooms],
  )
  if (rows.length !== questions) throw new Error(`${questions} asked, ${rows.length} answered.`)
  return rows.map(({ waitMs }) => waitMs)
}

const countUnfinished = (database: BulkDatabase): Promise<number> =>
  database.readNumber('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL')

/** Returns the time after which this share is answered if the model is never idle. */
const computeShortestMs = ({ questions, atOnce, answerMs }: BurstSizes, share: number): number =>
  Math.ceil((questions * share) / atOnce) * answerMs

function toTable(sizes: BurstSizes, results: Record<string, BurstStats>): Table {
  const { questions, rooms, atOnce, answerMs } = sizes
  const shortest = [0.5, 0.95, 1].map((share) => formatNumber(computeShortestMs(sizes, share) / 1_000))
  return {
    title: `${questions} people in ${rooms} rooms ask at once a model of ${answerMs} ms that takes ${atOnce}`,
    head: ['', 'p50 s', 'p95 s', 'last s', 'calls refused'],
    rows: [
      ...Object.entries(results).map(([label, { waitsMs, refused }]) => [
        label,
        ...[0.5, 0.95, 1].map((share) => formatNumber(quantile(waitsMs, share) / 1_000)),
        formatNumber(refused),
      ]),
      ['the shortest possible', ...shortest, '0'],
    ],
    notes: ['All are answered, without an error.'],
  }
}
