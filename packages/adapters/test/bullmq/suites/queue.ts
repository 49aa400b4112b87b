import { setTimeout as sleep } from 'node:timers/promises'
import { startReplyWorker } from '@engineer-chat/adapters/bullmq'
import type { RedisDeployment, Server } from '@engineer-chat/local-stack'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../../redis/redis-under-test.ts'
import { createJobRecorder, createQueueOptions, openReadyQueue, silentLog } from './queue-harness.ts'
import { proveJobs } from './queue-jobs.ts'
import { proveOutages } from './queue-outages.ts'
import { proveOwnership } from './queue-ownership.ts'

/** Proves the rules that hold for every topology of Redis. */
export function proveQueue(t: Test, redisUnderTest: RedisUnderTest): void {
  proveJobs(t, redisUnderTest)
  proveOutages(t, redisUnderTest)
  proveOwnership(t, redisUnderTest)
}

/** Proves the rule for topologies of Redis in which another server can take over. */
export function proveQueueTakeover(t: Test, redisUnderTest: RedisUnderTest, set: RedisDeployment): void {
  t.test('[QUEUE6] after a primary hung and a replica took over, added jobs are handled again', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const queue = await openReadyQueue(t, options)
    const recorder = createJobRecorder()
    const worker = startReplyWorker({
      ...options,
      concurrency: 1,
      log: silentLog,
      handle: async (job) => recorder.record(job),
    })
    t.teardown(() => worker.close(0))
    queue.add([{ message_id: 'before', attempt: 0 }])
    await recorder.waitForCount(1)
    const primary = await findOwner(set, `{${options.namespace}}:ai-reply:meta`)
    process.kill(primary.pid, 'SIGSTOP')
    t.teardown(() => process.kill(primary.pid, 'SIGCONT'))
    // The loop ends when the worker has handled a job that was added after the takeover.
    for (let index = 0; !recorder.jobs.some(({ message_id }) => message_id.startsWith('after')); index++) {
      // Jobs may be lost until the replica has taken over. In production the sweep adds them again.
      queue.add([{ message_id: `after-${index}`, attempt: 0 }])
      await sleep(100)
    }
  })
}

async function findOwner(set: RedisDeployment, key: string): Promise<Server> {
  for (const server of await set.listPrimaries()) {
    const client = new Redis(server.url)
    const count = await client.exists(key).catch(() => 0)
    client.disconnect()
    if (count === 1) return server
  }
  throw new Error(`no primary has ${key}`)
}
