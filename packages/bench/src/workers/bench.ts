import { quantile, toRatio, toSpread } from '../measure/quantiles.ts'
import type { Quiet } from '../measure/quiet.ts'
import { alternate } from '../measure/rounds.ts'
import { type Launched, startContender } from '../processes/launch.ts'
import { type Stack, startStack } from '../processes/stack.ts'
import { atMost, number, type Report, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { createWorld } from '../world/world.ts'
import { line } from './line.ts'
import { benchNoOp } from './no-op.ts'
import { measurePickUps } from './pick-up.ts'
import { measureReplies, type Replied } from './replies.ts'

const STREAM = { PIECES: '30', EVERY_MS: '33' }
const AT_ONCE = { PIECES: '1', EVERY_MS: '0' }

/** What an answer costs beside the model: in one process and in two, streamed and all at once. */
export async function benchWorkers(scale: Scale, quiet: Quiet): Promise<Report> {
  const { rounds, workers: sizes } = scale
  const stack = await startStack()
  try {
    const noOp = await benchNoOp(stack, scale, quiet)
    const api = await stack.startApi()
    const world = await createWorld(stack.mysql.url, Math.max(sizes.streamed, sizes.quick, sizes.pick_ups))
    const shared = { stack, world, api }

    const streamed = await withWorkers(stack, STREAM, [String(sizes.streamed)], async (workers) => {
      await measureReplies({ ...shared, workers }, sizes.streamed) // warm
      return alternate(quiet, ['one'], rounds, () => measureReplies({ ...shared, workers }, sizes.streamed))
    })
    const asked = new Map<string, number>()
    const hear = (text: string) => {
      const [, marker = '', at] = /^asked (\d+) (.+)$/.exec(text) ?? []
      if (!asked.has(marker)) asked.set(marker, Number(at))
    }
    const quick = await withWorkers(
      stack,
      AT_ONCE,
      ['50', '50'],
      async ([first, second]) => {
        const processes = { 'one process': [first], 'two processes': [first, second] } as Record<string, Launched[]>
        second?.hold()
        await measureReplies({ ...shared, workers: processes['one process'] ?? [] }, sizes.quick) // warm
        const delays = await measurePickUps({ world, api, asked }, sizes.pick_ups)
        const results = await alternate(quiet, Object.keys(processes), rounds, (name) =>
          measureReplies({ ...shared, workers: processes[name] ?? [] }, sizes.quick).finally(() => second?.hold()),
        )
        return { delays, results }
      },
      hear,
    )
    await world.close()

    const one = streamed.one ?? []
    const [alone, both] = [quick.results['one process'] ?? [], quick.results['two processes'] ?? []]
    const rates = (replied: Replied[]) => replied.map(({ per_second }) => per_second)
    return {
      bench: 'workers',
      tables: [
        noOp.table,
        repliesTable(`${number(sizes.streamed)} replies at once, 30 pieces in a second each`, { 'one process': one }),
        repliesTable('replies of a model that answers at once, 50 in flight per process', {
          'one process': alone,
          'two processes': both,
        }),
        {
          title: 'from a question’s 200 to the call of the model, when nothing else goes on',
          head: ['p50 ms', 'p99 ms'],
          rows: [[number(quantile(quick.delays, 0.5)), number(quantile(quick.delays, 0.99))]],
          notes: [`Two processes answer ${number(toRatio(rates(both), rates(alone)).median)} times what one does.`],
        },
      ],
      goals: [
        noOp.goal,
        atMost('CPU of the worker per streamed reply', 1_100, 'µs', toSpread(one.map(({ worker_us }) => worker_us))),
      ],
      data: { noOp: noOp.data, streamed, quick },
    }
  } finally {
    await stack.stop()
  }
}

/** A provider of this pace, and a worker for each of these concurrencies. */
async function withWorkers<Result>(
  stack: Stack,
  pace: Record<string, string>,
  concurrencies: string[],
  measure: (workers: Launched[]) => Promise<Result>,
  hear?: (line: string) => void,
): Promise<Result> {
  const provider = await startContender('provider', pace, hear)
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

function repliesTable(title: string, results: Record<string, Replied[]>): Table {
  return {
    title,
    head: ['', 'replies/s', 'µs worker', 'µs MySQL', 'µs Redis', 'MiB of a worker'],
    rows: Object.entries(results).map(([label, replied]) => line(label, replied)),
  }
}
