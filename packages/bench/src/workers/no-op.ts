import type { IdleMachine } from '../measure/idle-machine.ts'
import { watchCpu } from '../measure/processes.ts'
import { toRatioStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startContender } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createMinimumGoal, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { toRow } from './line.ts'

const QUEUES = ['bare', 'ours'] as const

export interface NoOpStats {
  per_second: number
  us: number
}

/** Compares our queue with BullMQ alone, by jobs that do nothing. */
export async function benchNoOp(
  stack: Stack,
  { rounds, workers }: Scale,
  machine: IdleMachine,
): Promise<{ table: Table; goal: Goal; data: unknown }> {
  const contender = await startContender('no-op-queue', { REDIS_URL: stack.redis.url })
  const measure = async (how: (typeof QUEUES)[number]): Promise<NoOpStats> => {
    const usage = watchCpu({ node: contender.pid })
    const done = new Promise<{ elapsed_ms: number }>((resolve) => contender.child.once('message', resolve))
    contender.child.send({ how, jobs: workers.jobs, concurrency: 50 })
    const { elapsed_ms } = await done
    return { per_second: (workers.jobs * 1_000) / elapsed_ms, us: usage().cpu.node / workers.jobs }
  }
  try {
    for (const how of QUEUES) await measure(how) // The first run only warms up.
    const results = await measureAlternately(machine, QUEUES, rounds, measure)
    const rates = (how: (typeof QUEUES)[number]) => results[how].map((one) => one.per_second)
    return {
      table: {
        title: 'jobs that ask for nothing, 50 at once, one process',
        head: ['', 'jobs/s', 'µs of the process each, adding included'],
        rows: [toRow('BullMQ as it comes', results.bare), toRow('Engineer Chat', results.ours)],
      },
      goal: createMinimumGoal('jobs without work, × bare BullMQ', 0.9, toRatioStats(rates('ours'), rates('bare'))),
      data: results,
    }
  } finally {
    await contender.kill()
  }
}
