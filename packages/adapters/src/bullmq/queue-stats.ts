import type { Queue } from 'bullmq'
import type { QueueGuard } from './connection.ts'

const STATES = ['waiting', 'active', 'delayed', 'failed', 'completed', 'prioritized', 'waiting-children'] as const

/** Counts the jobs that the queue holds now. It rejects soon while Redis is down, or is not this installation's. */
export async function readQueueStats(queue: Queue, guard: Pick<QueueGuard, 'isOurs'>) {
  requireOurs(guard)
  const [counts, oldest] = await Promise.all([
    queue.getJobCounts(...STATES),
    queue.getJobs(['waiting'], 0, 0, true), // The oldest job comes first.
  ])
  requireOurs(guard) // Another Redis may have answered meanwhile.
  const since = oldest[0]?.timestamp
  return { queue: queue.name, counts, oldestWaitingSeconds: since === undefined ? 0 : (Date.now() - since) / 1_000 }
}

function requireOurs(guard: Pick<QueueGuard, 'isOurs'>): void {
  if (!guard.isOurs()) throw new Error('Redis is not known to belong to this installation.')
}
