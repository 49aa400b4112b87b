import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { Measurer } from '../measure/measurer.ts'
import { quantile, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { measureCallDelays } from './call-delays.ts'
import { benchNoOp } from './no-op.ts'
import { measureReplies, type ReplyStats } from './replies.ts'
import { toRow } from './row.ts'

/** Sets how many pieces the provider writes for an answer, and at which interval. */
const STREAMED_PACE = { PIECES: '30', PIECE_INTERVAL_MS: '33' }
const INSTANT_PACE = { PIECES: '1', PIECE_INTERVAL_MS: '0' }

interface Setup {
  stack: Stack
  database: BulkDatabase
  api: LaunchedProcess
  scale: Scale
  measurer: Measurer
}

/**
 * Measures what an answer costs without the model. One worker writes streamed replies. Then one worker, and after it
 * two, write replies of a model that answers immediately.
 */
export async function benchWorkers(scale: Scale, measurer: Measurer): Promise<BenchReport> {
  const { workers: sizes } = scale
  const stack = await startStack()
  try {
    const noOp = await benchNoOp(stack, scale, measurer)
    const api = await stack.startApi()
    const database = await openBulkDatabase(
      stack.mysql.url,
      Math.max(sizes.streamedReplies, sizes.instantReplies, sizes.callDelaySamples),
    )
    const setup = { stack, database, api, scale, measurer }
    const streamed = await measureStreamed(setup)
    const instant = await measureInstant(setup)
    await database.close()
    const workerTime = toRoundStats(streamed.one.map(({ worker_us }) => worker_us))
    return {
      bench: 'workers',
      tables: [
        noOp.table,
        toRepliesTable(`${formatNumber(sizes.streamedReplies)} replies at once, 30 pieces per second each`, {
          'one process': streamed.one,
        }),
        toRepliesTable('replies of a model that answers immediately, 50 in flight per process', instant.results),
        toDelayTable(instant),
      ],
      goals: [noOp.goal, createMaximumGoal('CPU of the worker per streamed reply', 1_800, 'µs', workerTime)],
      data: { noOp: noOp.data, streamed, quick: { delays: instant.delaysMs, results: instant.results } },
    }
  } finally {
    await stack.stop()
  }
}

function measureStreamed({ scale, measurer, ...setup }: Setup): Promise<Record<'one', ReplyStats[]>> {
  const { rounds, workers: sizes } = scale
  return withWorkers(setup.stack, STREAMED_PACE, [String(sizes.streamedReplies)], async (workers) => {
    const measure = () => measureReplies({ ...setup, workers }, sizes.streamedReplies)
    await measure() // The first run only warms up.
    return measureAlternately(measurer, ['one'], rounds, measure)
  })
}

const PROCESSES = ['one process', 'two processes'] as const

interface InstantResults {
  /** Holds the milliseconds from a question's status 200 until the model is called. */
  delaysMs: number[]
  results: Record<(typeof PROCESSES)[number], ReplyStats[]>
}

/** Measures replies of a model that answers immediately, with one worker and with two. */
function measureInstant({ scale, measurer, ...setup }: Setup): Promise<InstantResults> {
  const { rounds, workers: sizes } = scale
  const providerCalls = new Map<string, number>()
  // The provider prints `asked N` and the time for each question with `marker-N`, which `measureCallDelays` sends.
  const recordCall = (line: string) => {
    const [, marker = '', calledAtMs] = /^asked (\d+) (.+)$/.exec(line) ?? []
    if (!providerCalls.has(marker)) providerCalls.set(marker, Number(calledAtMs))
  }
  const measure = async (workers: LaunchedProcess[]): Promise<InstantResults> => {
    const secondWorker = workers[1]
    const measureProcesses = (name: keyof InstantResults['results']) =>
      measureReplies(
        { ...setup, workers: name === 'one process' ? workers.slice(0, 1) : workers },
        sizes.instantReplies,
      )
    secondWorker?.pause()
    await measureProcesses('one process') // The first run only warms up.
    const delaysMs = await measureCallDelays({ ...setup, providerCalls }, sizes.callDelaySamples)
    // `measureReplies` resumes its workers, so the second one is paused again for the next round.
    const results = await measureAlternately(measurer, PROCESSES, rounds, (name) =>
      measureProcesses(name).finally(() => secondWorker?.pause()),
    )
    return { delaysMs, results }
  }
  return withWorkers(setup.stack, INSTANT_PACE, ['50', '50'], measure, recordCall)
}

/** Starts a provider with this pace and a worker for each concurrency, calls `measure`, and kills all of them. */
async function withWorkers<Result>(
  stack: Stack,
  pace: Record<string, string>,
  concurrencies: string[],
  measure: (workers: LaunchedProcess[]) => Promise<Result>,
  onLine?: (line: string) => void,
): Promise<Result> {
  const provider = await startProgram('provider', pace, onLine)
  const workers: LaunchedProcess[] = []
  for (const WORKER_CONCURRENCY of concurrencies) {
    const llm = { LLM_BASE_URL: provider.url, LLM_MODEL: 'bench', LLM_API_KEY: 'none' }
    workers.push(await stack.startWorker({ ...llm, WORKER_CONCURRENCY }))
  }
  try {
    return await measure(workers)
  } finally {
    await Promise.all([provider, ...workers].map((process) => process.kill()))
  }
}

function toRepliesTable(title: string, results: Record<string, ReplyStats[]>): Table {
  return {
    title,
    head: ['', 'replies/s', 'µs worker', 'µs MySQL', 'µs Redis', 'MiB of a worker'],
    rows: Object.entries(results).map(([label, stats]) => toRow(label, stats)),
  }
}

function toDelayTable({ delaysMs, results }: InstantResults): Table {
  const listRates = (stats: ReplyStats[]) => stats.map(({ per_second }) => per_second)
  const ratio = toRatioStats(listRates(results['two processes']), listRates(results['one process']))
  return {
    title: 'from the response to a question until the call of the model, without other load',
    head: ['p50 ms', 'p99 ms'],
    rows: [[formatNumber(quantile(delaysMs, 0.5)), formatNumber(quantile(delaysMs, 0.99))]],
    notes: [`Two processes answer ${formatNumber(ratio.median)} times what one does.`],
  }
}
