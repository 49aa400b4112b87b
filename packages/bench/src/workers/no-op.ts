import type { IdleMachine } from '../measure/idle-machine.ts'
import { watchCpu } from '../measure/processes.ts'
import { toRatioStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startProgram } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createMinimumGoal, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { toRow } from './row.ts'

export const QUEUES = ['bare', 'ours'] as const
export type QueueName = (typeof QUEUES)[number]

export interface NoOpStats {
  per_second: number
  us: number
}

/** Compares our queue with plain BullMQ by jobs that do nothing. */
export async function benchNoOp(
  stack: Stack,
  { rounds, workers }: Scale,
  machine: IdleMachine,
): Promise<{ table: Table; goal: Goal; data: unknown }> {
  const queueProgram = await startProgram('no-op-queue', { REDIS_URL: stack.redis.url })
  const measure = async (queue: QueueName): Promise<NoOpStats> => {
    const readUsage = watchCpu({ node: queueProgram.pid })
    const done = new Promise<{ elapsedMs: number }>((resolve) => queueProgram.child.once('message', resolve))
    queueProgram.child.send({ queue, jobs: workers.jobs, concurrency: 50 })
    const { elapsedMs } = await done
    return { per_second: (workers.jobs * 1_000) / elapsedMs, us: readUsage().cpuUs.node / workers.jobs }
  }
  try {
    for (const queue of QUEUES) await measure(queue) // The first run only warms up.
    const results = await measureAlternately(machine, QUEUES, rounds, measure)
    const listRates = (queue: QueueName) => results[queue].map(({ per_second }) => per_second)
    return {
      table: {
        title: 'jobs that do nothing, 50 at once, one process',
        head: ['', 'jobs/s', 'µs of the process each, adding included'],
        rows: [toRow('BullMQ as it comes', results.bare), toRow('Engineer Chat', results.ours)],
      },
      goal: createMinimumGoal(
        'jobs without work, × bare BullMQ',
        0.9,
        toRatioStats(listRates('ours'), listRates('bare')),
      ),
      data: results,
    }
  } finally {
    await queueProgram.kill()
  }
}
