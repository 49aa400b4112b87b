import type { Log, ReplyQueue, ReplyRef } from '@engineer-chat/chat/shared'
import { Queue } from 'bullmq'
import { connectQueue } from './connection.ts'
import { QUEUE, type QueueLocation, toJob, toJobId, toPrefix } from './jobs.ts'

const COMMAND_TIMEOUT_MS = 1_000
const MAX_BATCH = 1_000
/** While Redis hangs, no more than so many batches wait for it; others are dropped, and found by the sweep. */
const MAX_BATCHES_IN_FLIGHT = 20

export interface QueueHints extends ReplyQueue {
  status(): 'ready' | 'down'
  close(): Promise<void>
}

/** The asking side. Nothing waits for Redis, nothing throws: what can't be added now is found by the sweep. */
export function openReplyQueue({ servers, namespace, log }: QueueLocation & { log: Log }): QueueHints {
  const client = connectQueue(servers, log, 'produce', {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
  })
  let queue: Queue | undefined
  const waiting = new Map<string, ReplyRef>()
  let inFlight = 0

  // Made when Redis is there for the first time: BullMQ waits for its connection, and would hold every job back with it.
  client.on('ready', () => {
    queue ??= new Queue(QUEUE, { connection: client, prefix: toPrefix(namespace), skipVersionCheck: true })
    queue.on('error', () => {}) // the connection tells
  })

  const send = async (jobs: ReplyRef[]): Promise<void> => {
    if (!queue || client.status !== 'ready' || inFlight >= MAX_BATCHES_IN_FLIGHT) return // the connection has told
    inFlight += 1
    await queue
      .addBulk(jobs.map(toJob))
      .catch((cause) => log.error('EngineerChat.jobs_not_queued', { count: jobs.length, reason: 'refused' }, cause))
    inFlight -= 1
  }

  /** All of one tick go together. */
  const flush = () => {
    const jobs = [...waiting.values()]
    waiting.clear()
    for (let at = 0; at < jobs.length; at += MAX_BATCH) void send(jobs.slice(at, at + MAX_BATCH))
  }

  return {
    add(jobs) {
      if (waiting.size === 0 && jobs.length > 0) setImmediate(flush)
      for (const job of jobs) waiting.set(toJobId(job), job)
    },
    status: () => (client.status === 'ready' ? 'ready' : 'down'),
    async close() {
      flush()
      if (client.status === 'ready') await client.quit().catch(() => undefined) // after what was sent before it
      client.disconnect()
    },
  }
}
