import { startReplyWorker } from '@engineer-chat/adapters/bullmq'
import { parseRedisAddress } from '@engineer-chat/adapters/environment'
import { createLog } from '@engineer-chat/adapters/log'
import { createRedisConnector } from '@engineer-chat/adapters/redis'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { WorkerName } from '../workers/no-op.ts'
import { requireVariable } from './variables.ts'

/** Asks the program to run jobs that do nothing, with a plain BullMQ worker or with the product's worker. */
export interface RunRequest {
  worker: WorkerName
  jobs: number
  concurrency: number
}

const url = requireVariable('REDIS_URL')
const log = createLog({ level: 'silent', service: 'bench' })
const JOBS_PER_ADD = 1_000
let runCount = 0

/** Adds the jobs to a new queue, and measures the time from the start of the worker until all jobs are handled. */
async function run({ worker, jobs, concurrency }: RunRequest): Promise<{ elapsedMs: number }> {
  runCount += 1
  const namespace = `no-op-${process.pid}-${runCount}`
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('ai-reply', { connection, prefix: `{${namespace}}`, skipVersionCheck: true })
  for (let added = 0; added < jobs; added += JOBS_PER_ADD) {
    const batch = Array.from({ length: Math.min(JOBS_PER_ADD, jobs - added) }, (_, index) => {
      const message_id = `no-op-${added + index}`
      const opts = { jobId: `reply-${message_id}-0`, attempts: 1, removeOnComplete: true, removeOnFail: true }
      return { name: 'reply', data: { message_id, attempt: 0 }, opts }
    })
    await queue.addBulk(batch)
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  let handledJobs = 0
  const handle = async () => {
    handledJobs += 1
    if (handledJobs === jobs) resolve()
  }
  const startedAtMs = performance.now()
  const stop = startWorker(worker, { namespace, concurrency, handle })
  await promise
  const elapsedMs = performance.now() - startedAtMs
  await stop()
  await queue.close()
  connection.disconnect()
  return { elapsedMs }
}

function startWorker(
  name: WorkerName,
  { namespace, concurrency, handle }: { namespace: string; concurrency: number; handle(): Promise<void> },
): () => Promise<unknown> {
  if (name === 'ours') {
    const worker = startReplyWorker({
      connector: createRedisConnector(parseRedisAddress(url)),
      namespace,
      // Without MySQL this program has no installation whose id Redis could hold.
      ownership: { isOurs: () => true, onChange: () => undefined },
      concurrency,
      handle,
      log,
    })
    return () => worker.close(1_000)
  }
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const worker = new Worker('ai-reply', handle, { connection, prefix: `{${namespace}}`, concurrency })
  return async () => {
    await worker.close()
    connection.disconnect()
  }
}

// If a run fails, the unhandled rejection ends the process.
process.on('message', async (request: RunRequest) => process.send?.(await run(request)))
process.on('disconnect', () => process.exit(0))
console.log('ready queue')
