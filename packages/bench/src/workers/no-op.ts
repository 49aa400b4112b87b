import type { Measurer } from '../measure/measurer.ts'
import { watchCpu } from '../measure/processes.ts'
import { toRatioStats } from '../measure/quantiles.ts'
import { measureAlternately } from '../measure/rounds.ts'
import { startProgram } from '../processes/launch.ts'
import type { Stack } from '../processes/stack.ts'
import { createMinimumGoal, type Goal, type Table } from '../report/report.ts'
import type { Scale } from '../scale.ts'
import { toRow } from './row.ts'

const WORKERS = ['bare', 'ours'] as const
export type WorkerName = (typeof WORKERS)[number]

interface NoOpStats {
  per_second: number
  /** Gives the processor time of the process per job, in µs. It includes adding the job to the queue. */
  us: number
}

/** Compares the product's worker with a plain BullMQ worker. The jobs do nothing. */
export async function benchNoOp(
  stack: Stack,
  { rounds, workers }: Scale,
  measurer: Measurer,
): Promise<{ table: Table; goal: Goal; data: unknown }> {
  const queueProgram = await startProgram('no-op-queue', { REDIS_URL: stack.redis.url })
  const measure = async (worker: WorkerName): Promise<NoOpStats> => {
    const readUsage = watchCpu({ node: queueProgram.pid })
    const done = new Promise<{ elapsedMs: number }>((resolve) => queueProgram.child.once('message', resolve))
    queueProgram.child.send({ worker, jobs: workers.jobs, concurrency: 50 })
    const { elapsedMs } = await done
    return { per_second: (workers.jobs * 1_000) / elapsedMs, us: readUsage().cpuUs.node / workers.jobs }
  }
  try {
    for (const worker of WORKERS) await measure(worker) // The first run only warms up.
    const results = await measureAlternately(measurer, WORKERS, rounds, measure)
    const listRates = (worker: WorkerName) => results[worker].map(({ per_second }) => per_second)
    return {
      table: {
        title: 'jobs that do nothing, 50 at once, one process',
        head: ['', 'jobs/s', 'µs of the process per job, with adding'],
        rows: [toRow('plain BullMQ', results.bare), toRow('Engineer Chat', results.ours)],
      },
      goal: createMinimumGoal(
        'jobs that do nothing, × plain BullMQ',
        0.9,
        toRatioStats(listRates('ours'), listRates('bare')),
      ),
      data: results,
    }
  } finally {
    await queueProgram.kill()
  }
}
