import type { Queue } from 'bullmq'

const STATES = ['waiting', 'active', 'delayed', 'failed', 'completed', 'prioritized', 'waiting-children'] as const

/** Counts the jobs that the queue holds now. It rejects soon while Redis is down. */
export async function readQueueStats(queue: Queue) {
  const [counts, oldest] = await Promise.all([
    queue.getJobCounts(...STATES),
    queue.getJobs(['waiting'], 0, 0, true), // The oldest job comes first.
  ])
  const since = oldest[0]?.timestamp
  return { queue: queue.name, counts, oldestWaitingSeconds: since === undefined ? 0 : (Date.now() - since) / 1_000 }
}
