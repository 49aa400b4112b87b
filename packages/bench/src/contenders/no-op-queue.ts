import { startReplyWorker } from '@engineer-chat/adapters/bullmq'
import { createLog } from '@engineer-chat/adapters/log'
import { createRedisServers } from '@engineer-chat/adapters/redis'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { requireVariable } from './variables.ts'

/** Describes a number of jobs that do nothing, run by plain BullMQ or by the worker that writes replies. */
interface Work {
  how: 'bare' | 'ours'
  jobs: number
  concurrency: number
}

const url = requireVariable('REDIS_URL')
const log = createLog({ level: 'silent', service: 'bench' })
let runs = 0

async function run({ how, jobs, concurrency }: Work): Promise<{ elapsed_ms: number }> {
  runs += 1
  const namespace = `no-op-${process.pid}-${runs}`
  const connection = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue('ai-reply', { connection, prefix: `{${namespace}}`, skipVersionCheck: true })
  for (let at = 0; at < jobs; at += 1_000) {
    const some = Array.from({ length: Math.min(1_000, jobs - at) }, (_, index) => {
      const message_id = `no-op-${at + index}`
      const opts = { jobId: `reply-${message_id}-0`, attempts: 1, removeOnComplete: true, removeOnFail: true }
      return { name: 'reply', data: { message_id, attempt: 0 }, opts }
    })
    await queue.addBulk(some)
  }
  const { promise, resolve } = Promise.withResolvers<void>()
  let done = 0
  const handle = async () => {
    done += 1
    if (done === jobs) resolve()
  }
  const begin = performance.now()
  const stop = start(how, { namespace, concurrency, handle })
  await promise
  const elapsed_ms = performance.now() - begin
  await stop()
  await queue.close()
  connection.disconnect()
  return { elapsed_ms }
}

function start(
  how: Work['how'],
  { namespace, concurrency, handle }: { namespace: string; concurrency: number; handle(): Promise<void> },
): () => Promise<unknown> {
  if (how === 'ours') {
    const worker = startReplyWorker({
      servers: createRedisServers({ form: 'single', url }),
      namespace,
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

process.on('message', (work: Work) => {
  run(work).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      throw error
    },
  )
})
process.on('disconnect', () => process.exit(0))
console.log('ready queue')
