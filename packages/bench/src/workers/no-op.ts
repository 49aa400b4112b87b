import { watchCpu } from '../measure/processes.ts'
import { toRatio } from '../measure/quantiles.ts'
import type { QuietMachine } from '../measure/quiet-machine.ts'
import { alternate } from '../measure/rounds.ts'
import { startContender } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { atLeast, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { toRow } from './line.ts'

const HOW = ['bare', 'ours'] as const

export interface NoOp {
  per_second: number
  us: number
}

/** Compares our queue with BullMQ alone, by jobs that do nothing. */
export async function benchNoOp(
  stack: Stack,
  { rounds, workers }: Scale,
  machine: QuietMachine,
): Promise<{ table: Table; goal: Goal; data: unknown }> {
  const contender = await startContender('no-op-queue', { REDIS_URL: stack.redis.url })
  const measure = async (how: (typeof HOW)[number]): Promise<NoOp> => {
    const usage = watchCpu({ node: contender.pid })
    const done = new Promise<{ elapsed_ms: number }>((resolve) => contender.child.once('message', resolve))
    contender.child.send({ how, jobs: workers.jobs, concurrency: 50 })
    const { elapsed_ms } = await done
    return { per_second: (workers.jobs * 1_000) / elapsed_ms, us: usage().cpu.node / workers.jobs }
  }
  try {
    for (const how of HOW) await measure(how) // The first run only warms up.
    const results = await alternate(machine, HOW, rounds, measure)
    const rates = (how: (typeof HOW)[number]) => results[how].map((one) => one.per_second)
    return {
      table: {
        title: 'jobs that ask for nothing, 50 at once, one process',
        head: ['', 'jobs/s', 'µs of the process each, adding included'],
        rows: [toRow('BullMQ as it comes', results.bare), toRow('Engineer Chat', results.ours)],
      },
      goal: atLeast('jobs without work, × bare BullMQ', 0.9, toRatio(rates('ours'), rates('bare'))),
      data: results,
    }
  } finally {
    await contender.kill()
  }
}
