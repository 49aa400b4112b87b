import { randomUUID } from 'node:crypto'
import { openReplyQueue, type QueueOwnership } from '@engineer-chat/adapters/bullmq'
import type { RedisConnector } from '@engineer-chat/adapters/redis'
import type { Log, ReplyRef } from '@engineer-chat/chat/shared'
import type { Test } from 'tap'

export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** Creates a log that records the names of events. `waitForLine` resolves at the next event of this name. */
export function createRecordedLog() {
  const resolvers = new Map<string, () => void>()
  const loggedEvents: string[] = []
  const write = (event: string) => {
    loggedEvents.push(event)
    resolvers.get(event)?.()
  }
  const waitForLine = (event: string) => new Promise<void>((resolve) => resolvers.set(event, resolve))
  return { log: { info: write, warn: write, error: write } satisfies Log, waitForLine, loggedEvents }
}

/** Records the jobs that a worker receives. `waitForCount` resolves when it has recorded this number of jobs. */
export function createJobRecorder() {
  const jobs: ReplyRef[] = []
  const waiting: Array<{ count: number; resolve(): void }> = []
  return {
    jobs,
    record(job: ReplyRef) {
      jobs.push(job)
      for (const { count, resolve } of waiting) if (jobs.length >= count) resolve()
    },
    waitForCount: (count: number) =>
      new Promise<void>((resolve) => {
        if (jobs.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}

const OWN_REDIS: QueueOwnership = { isOurs: () => true, onChange: () => undefined }

export const createQueueOptions = (connector: RedisConnector) => ({
  connector,
  namespace: `test-${randomUUID()}`,
  ownership: OWN_REDIS,
})

export async function openReadyQueue(t: Test, options: ReturnType<typeof createQueueOptions>, log: Log = silentLog) {
  const queue = openReplyQueue({ ...options, log })
  t.teardown(() => queue.close())
  await waitUntil(() => queue.status() === 'ready')
  return queue
}

export async function waitUntil(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve))
}
