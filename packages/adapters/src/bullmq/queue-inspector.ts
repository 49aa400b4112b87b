import type { Log } from '@engineer-chat/chat/shared'
import { Queue } from 'bullmq'
import { connectQueue } from './connection.ts'
import { type QueueLocation, REPLY_QUEUE_NAME, toPrefix } from './jobs.ts'

const COMMAND_TIMEOUT_MS = 2_000

/** Opens a separate connection for reading the jobs and counts of the queue. Reads fail soon while Redis is down. */
export function openQueueInspector({ connector, namespace, log }: QueueLocation & { log: Log }): {
  queue: Queue
  close(): Promise<void>
} {
  const client = connectQueue(connector, log, 'board', { maxRetriesPerRequest: 1, commandTimeout: COMMAND_TIMEOUT_MS })
  const queue = new Queue(REPLY_QUEUE_NAME, { connection: client, prefix: toPrefix(namespace), skipVersionCheck: true })
  queue.on('error', () => {}) // The connection logs the error.
  return {
    queue,
    async close() {
      client.disconnect()
    },
  }
}
