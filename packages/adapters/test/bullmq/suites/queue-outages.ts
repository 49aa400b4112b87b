import { openReplyQueue, startReplyWorker } from '@engineer-chat/adapters/bullmq'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { Test } from 'tap'
import { openRedis, type RedisUnderTest } from '../../redis/redis-under-test.ts'
import {
  createJobRecorder,
  createQueueOptions,
  createRecordedLog,
  openReadyQueue,
  silentLog,
  waitUntil,
} from './queue-harness.ts'

/** Proves that a lost Redis delays jobs, but stops no process. */
export function proveOutages(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[QUEUE4] while Redis is down, adding jobs and closing do not wait, throw or hang', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const options = createQueueOptions(redis.connector)
    const { log, waitForLine } = createRecordedLog()
    const queue = await openReadyQueue(t, options, log)
    const recorder = createJobRecorder()
    const released = Promise.withResolvers<void>()
    const handle = async (job: ReplyRef) => {
      recorder.record(job)
      await released.promise
    }
    const worker = startReplyWorker({ ...options, concurrency: 1, log: silentLog, handle })
    queue.add([{ message_id: 'in-flight', attempt: 0 }])
    await recorder.waitForCount(1)
    const lost = waitForLine('EngineerChat.queue_lost')
    await redis.stop()
    await lost
    t.equal(queue.status(), 'down')

    const startedAtMs = performance.now()
    for (let index = 0; index < 1_000; index++) queue.add([{ message_id: `m${index}`, attempt: 0 }])
    const addedAfterMs = performance.now() - startedAtMs
    const closing = worker.close(100)
    released.resolve()
    await closing
    await queue.close()
    const closedAfterMs = performance.now() - startedAtMs

    t.ok(addedAfterMs < 200, 'adding jobs does not wait')
    t.ok(closedAfterMs < 6_000, 'closing does not hang')
  })

  t.test(
    '[QUEUE4] a queue and a worker that start without Redis work when Redis is up, and again after each outage',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const options = createQueueOptions(redis.connector)
      await redis.stop()
      const { log, waitForLine } = createRecordedLog()
      const lost = waitForLine('EngineerChat.queue_lost')
      const queue = openReplyQueue({ ...options, log })
      t.teardown(() => queue.close())
      const recorder = createJobRecorder()
      const worker = startReplyWorker({
        ...options,
        concurrency: 1,
        log: silentLog,
        handle: async (job) => recorder.record(job),
      })
      t.teardown(() => worker.close(0))
      await lost
      queue.add([{ message_id: 'dropped', attempt: 0 }])

      for (let outage = 1; outage <= 2; outage++) {
        const back = waitForLine('EngineerChat.queue_back')
        await redis.start()
        await back
        queue.add([{ message_id: `m${outage}`, attempt: 0 }])
        await recorder.waitForCount(outage)
        const lostAgain = waitForLine('EngineerChat.queue_lost')
        await redis.stop()
        await lostAgain
      }

      t.strictSame(
        recorder.jobs.map(({ message_id }) => message_id),
        ['m1', 'm2'],
      )
    },
  )

  t.test('[QUEUE13] while Redis hangs, closing waits at most some seconds for added jobs', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const options = createQueueOptions(redis.connector)
    const notQueued: string[] = []
    const queue = openReplyQueue({
      ...options,
      log: silentLog,
      onNotQueued: (jobs) => notQueued.push(...jobs.map(({ message_id }) => message_id)),
    })
    await waitUntil(() => queue.status() === 'ready')
    redis.signal('SIGSTOP')
    t.teardown(() => redis.signal('SIGCONT'))

    const startedAtMs = performance.now()
    // Jobs for the head are added in reverse, and reported in their own order.
    const jobsForTheHead = ['a', 'b'].map((message_id) => ({ message_id, attempt: 0 }))
    queue.add(jobsForTheHead, { isFirst: true })
    await queue.close()

    t.ok(performance.now() - startedAtMs < 4_000, 'closing does not hang')
    t.strictSame(notQueued, ['a', 'b'])
  })

  t.test(
    '[QUEUE11] jobs that Redis does not accept are handled by the process itself, in their order, with the same concurrency',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const options = createQueueOptions(redis.connector)
      const recorder = createJobRecorder()
      let running = 0
      let mostRunning = 0
      const handle = async (job: ReplyRef) => {
        running += 1
        mostRunning = Math.max(mostRunning, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        recorder.record(job)
      }
      const worker = startReplyWorker({ ...options, concurrency: 2, log: silentLog, handle })
      t.teardown(() => worker.close(0))
      const { log, waitForLine } = createRecordedLog()
      const queue = openReplyQueue({ ...options, log, onNotQueued: (jobs) => worker.answerWithoutQueue(jobs) })
      t.teardown(() => queue.close())
      const lost = waitForLine('EngineerChat.queue_lost')
      await redis.stop()
      await lost
      queue.add([{ message_id: 'delayed', attempt: 0 }], { delayMs: 60_000 }) // The sweep finds this reply.
      const ids = ['a', 'b', 'c', 'd', 'e']
      const jobs = ids.map((message_id) => ({ message_id, attempt: 0 }))
      queue.add(jobs.slice(0, 2), { isFirst: true })
      queue.add(jobs.slice(2))
      await recorder.waitForCount(5)
      t.strictSame(
        recorder.jobs.map(({ message_id }) => message_id),
        ids,
      )
      t.equal(mostRunning, 2)
    },
  )

  t.test('[QUEUE5] after FLUSHALL only the jobs are lost, and a job that is added again is handled', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const options = createQueueOptions(redis.connector)
    const queue = await openReadyQueue(t, options)
    const recorder = createJobRecorder()
    const released = Promise.withResolvers<void>()
    const worker = startReplyWorker({
      ...options,
      concurrency: 1,
      log: silentLog,
      handle: async (job) => {
        recorder.record(job)
        await released.promise
      },
    })
    t.teardown(() => worker.close(0))
    queue.add([
      { message_id: 'in-flight', attempt: 0 },
      { message_id: 'waiting', attempt: 0 },
    ])
    await recorder.waitForCount(1)

    await openRedis(t, redis.connector).flush()
    released.resolve()
    queue.add([{ message_id: 'waiting', attempt: 0 }])
    await recorder.waitForCount(2)

    t.strictSame(recorder.jobs, [
      { message_id: 'in-flight', attempt: 0 },
      { message_id: 'waiting', attempt: 0 },
    ])
  })
}
