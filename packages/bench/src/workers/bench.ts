import { type BulkDatabase, openBulkDatabase } from '../database/bulk-database.ts'
import type { IdleMachine } from '../measure/idle-machine.ts'
import { quantile, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type LaunchedProcess, startProgram } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { type BenchReport, createMaximumGoal, formatNumber, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { benchNoOp } from './no-op.ts'
import { measurePickUps } from './pick-up.ts'
import { measureReplies, type ReplyStats } from './replies.ts'
import { toRow } from './row.ts'

const STREAMED_PACE = { PIECES: '30', PIECE_INTERVAL_MS: '33' }
const INSTANT_PACE = { PIECES: '1', PIECE_INTERVAL_MS: '0' }

interface Setup {
  stack: Stack
  database: BulkDatabase
  api: LaunchedProcess
  scale: Scale
  machine: IdleMachine
}

/** Measures what an answer costs besides the model: in one worker and in two, with streamed and with instant replies. */
export async function benchWorkers(scale: Scale, machine: IdleMachine): Promise<BenchReport> {
  const { workers: sizes } = scale
  const stack = await startStack()
  try {
    const noOp = await benchNoOp(stack, scale, machine)
    const api = await stack.startApi()
    const database = await openBulkDatabase(stack.mysql.url, Math.max(sizes.streamed, sizes.quick, sizes.pickUps))
    const setup = { stack, database, api, scale, machine }
    const streamed = await measureStreamed(setup)
    const quick = await measureQuick(setup)
    await database.close()
    const streamedReplies = streamed.one ?? []
    const workerTime = toRoundStats(streamedReplies.map(({ worker_us }) => worker_us))
    return {
      bench: 'workers',
      tables: [
        noOp.table,
        toRepliesTable(`${formatNumber(sizes.streamed)} replies at once, 30 pieces in a second each`, {
          'one process': streamedReplies,
        }),
        toRepliesTable('replies of a model that answers at once, 50 in flight per process', quick.results),
        toDelayTable(quick),
      ],
      goals: [noOp.goal, createMaximumGoal('CPU of the worker per streamed reply', 1_100, 'µs', workerTime)],
      data: { noOp: noOp.data, streamed, quick: { delays: quick.delaysMs, results: quick.results } },
    }
  } finally {
    await stack.stop()
  }
}

function measureStreamed({ scale, machine, ...setup }: Setup): Promise<Record<'one', ReplyStats[]>> {
  const { rounds, workers: sizes } = scale
  return withWorkers(setup.stack, STREAMED_PACE, [String(sizes.streamed)], async (workers) => {
    const measure = () => measureReplies({ ...setup, workers }, sizes.streamed)
    await measure() // The first run only warms up.
    return measureAlternately(machine, ['one'], rounds, measure)
  })
}

const PROCESSES = ['one process', 'two processes'] as const

interface QuickResults {
  /** Holds the milliseconds from a question's status 200 until the model is called. */
  delaysMs: number[]
  results: Record<(typeof PROCESSES)[number], ReplyStats[]>
}

/** Measures replies of a model that answers at once, with one worker and with two. */
function measureQuick({ scale, machine, ...setup }: Setup): Promise<QuickResults> {
  const { rounds, workers: sizes } = scale
  const providerCalls = new Map<string, number>()
  const onLine = (text: string) => {
    const [, marker = '', calledAtMs] = /^asked (\d+) (.+)$/.exec(text) ?? []
    if (!providerCalls.has(marker)) providerCalls.set(marker, Number(calledAtMs))
  }
  const measure = async (workers: LaunchedProcess[]): Promise<QuickResults> => {
    const secondWorker = workers[1]
    const measureAll = (name: keyof QuickResults['results']) =>
      measureReplies({ ...setup, workers: name === 'one process' ? workers.slice(0, 1) : workers }, sizes.quick)
    secondWorker?.pause()
    await measureAll('one process') // The first run only warms up.
    const delaysMs = await measurePickUps({ ...setup, providerCalls }, sizes.pickUps)
    const results = await measureAlternately(machine, PROCESSES, rounds, (name) =>
      measureAll(name).finally(() => secondWorker?.pause()),
    )
    return { delaysMs, results }
  }
  return withWorkers(setup.stack, INSTANT_PACE, ['50', '50'], measure, onLine)
}

/** Starts a provider with this pace and a worker for each concurrency, measures, and stops them. */
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

function toDelayTable({ delaysMs, results }: QuickResults): Table {
  const listRates = (stats: ReplyStats[]) => stats.map(({ per_second }) => per_second)
  const ratio = toRatioStats(listRates(results['two processes']), listRates(results['one process']))
  return {
    title: 'from a question’s 200 to the call of the model, without other load',
    head: ['p50 ms', 'p99 ms'],
    rows: [[formatNumber(quantile(delaysMs, 0.5)), formatNumber(quantile(delaysMs, 0.99))]],
    notes: [`Two processes answer ${formatNumber(ratio.median)} times what one does.`],
  }
}
