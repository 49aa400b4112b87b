import type { Queue } from 'bullmq'
import type { QueueOwnership } from './connection.ts'

const STATES = ['waiting', 'active', 'delayed', 'failed', 'completed', 'prioritized', 'waiting-children'] as const

/** Counts the jobs that the queue holds now. Rejects soon while Redis is down or belongs to another installation. */
export async function readQueueStats(queue: Queue, ownership: Pick<QueueOwnership, 'isOurs'>) {
  requireOurs(ownership)
  const [counts, oldestJobs] = await Promise.all([
    queue.getJobCounts(...STATES),
    queue.getJobs(['waiting'], 0, 0, true), // The oldest job comes first.
  ])
  requireOurs(ownership) // Another Redis may have answered meanwhile.
  const addedAtMs = oldestJobs[0]?.timestamp
  const oldestWaitingSeconds = addedAtMs === undefined ? 0 : (Date.now() - addedAtMs) / 1_000
  return { queue: queue.name, counts, oldestWaitingSeconds }
}

function requireOurs(ownership: Pick<QueueOwnership, 'isOurs'>): void {
  if (!ownership.isOurs()) throw new Error('Redis is not known to belong to this installation.')
}
