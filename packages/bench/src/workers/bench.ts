import type { IdleMachine } from '../measure/idle-machine.ts'
import { quantile, toRatioStats, toRoundStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { type Launched, startContender } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { createMaximumGoal, formatNumber, type Report, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createWorld, type World } from '../world/world.ts'
import { toRow } from './line.ts'
import { benchNoOp } from './no-op.ts'
import { measurePickUps } from './pick-up.ts'
import { measureReplies, type ReplyStats } from './replies.ts'

const STREAM = { PIECES: '30', EVERY_MS: '33' }
const AT_ONCE = { PIECES: '1', EVERY_MS: '0' }

interface Setting {
  stack: Stack
  world: World
  api: Launched
  scale: Scale
  machine: IdleMachine
}

/** Measures what an answer costs in addition to the model: in one process and in two, streamed and all at once. */
export async function benchWorkers(scale: Scale, machine: IdleMachine): Promise<Report> {
  const { workers: sizes } = scale
  const stack = await startStack()
  try {
    const noOp = await benchNoOp(stack, scale, machine)
    const api = await stack.startApi()
    const world = await createWorld(stack.mysql.url, Math.max(sizes.streamed, sizes.quick, sizes.pickUps))
    const setting = { stack, world, api, scale, machine }
    const streamed = await measureStreamed(setting)
    const quick = await measureQuick(setting)
    await world.close()
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
      data: { noOp: noOp.data, streamed, quick },
    }
  } finally {
    await stack.stop()
  }
}

function measureStreamed({ scale, machine, ...setting }: Setting): Promise<Record<'one', ReplyStats[]>> {
  const { rounds, workers: sizes } = scale
  return withWorkers(setting.stack, STREAM, [String(sizes.streamed)], async (workers) => {
    const measure = () => measureReplies({ ...setting, workers }, sizes.streamed)
    await measure() // The first run only warms up.
    return measureAlternately(machine, ['one'], rounds, measure)
  })
}

const PROCESSES = ['one process', 'two processes'] as const

interface QuickResults {
  /** Holds the milliseconds from a question's status 200 until the model is called. */
  delays: number[]
  results: Record<(typeof PROCESSES)[number], ReplyStats[]>
}

/** Measures replies of a model that answers at once, with one worker and with two. */
function measureQuick({ scale, machine, ...setting }: Setting): Promise<QuickResults> {
  const { rounds, workers: sizes } = scale
  const providerCalls = new Map<string, number>()
  const onLine = (text: string) => {
    const [, marker = '', at] = /^asked (\d+) (.+)$/.exec(text) ?? []
    if (!providerCalls.has(marker)) providerCalls.set(marker, Number(at))
  }
  const measure = async (workers: Launched[]): Promise<QuickResults> => {
    const second = workers[1]
    const measureOne = (name: keyof QuickResults['results']) =>
      measureReplies({ ...setting, workers: name === 'one process' ? workers.slice(0, 1) : workers }, sizes.quick)
    second?.pause()
    await measureOne('one process') // The first run only warms up.
    const delays = await measurePickUps({ ...setting, providerCalls }, sizes.pickUps)
    const results = await measureAlternately(machine, PROCESSES, rounds, (name) =>
      measureOne(name).finally(() => second?.pause()),
    )
    return { delays, results }
  }
  return withWorkers(setting.stack, AT_ONCE, ['50', '50'], measure, onLine)
}

/** Starts a provider of this pace and a worker for each concurrency, measures, and ends them. */
async function withWorkers<Result>(
  stack: Stack,
  pace: Record<string, string>,
  concurrencies: string[],
  measure: (workers: Launched[]) => Promise<Result>,
  onLine?: (line: string) => void,
): Promise<Result> {
  const provider = await startContender('provider', pace, onLine)
  const workers: Launched[] = []
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
    rows: Object.entries(results).map(([label, replied]) => toRow(label, replied)),
  }
}

function toDelayTable({ delays, results }: QuickResults): Table {
  const listRates = (replied: ReplyStats[]) => replied.map(({ per_second }) => per_second)
  const ratio = toRatioStats(listRates(results['two processes']), listRates(results['one process']))
  return {
    title: 'from a question’s 200 to the call of the model, when nothing else goes on',
    head: ['p50 ms', 'p99 ms'],
    rows: [[formatNumber(quantile(delays, 0.5)), formatNumber(quantile(delays, 0.99))]],
    notes: [`Two processes answer ${formatNumber(ratio.median)} times what one does.`],
  }
}
