import { openQueueInspector, startReplyWorker } from '@engineer-chat/adapters/bullmq'
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

/** Proves how often a job is handled, and how a worker closes. */
export function proveJobs(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[QUEUE1] a job that is added twice is stored once, under an id that BullMQ accepts', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const queue = await openReadyQueue(t, options)
    const inspector = openQueueInspector({ ...options, log: silentLog })
    t.teardown(() => inspector.close())

    queue.add([
      { message_id: 'a', attempt: 0 },
      { message_id: 'a', attempt: 0 },
    ])
    queue.add([
      { message_id: 'a', attempt: 0 },
      { message_id: 'b:1', attempt: 0 },
    ])

    await waitUntil(async () => (await inspector.queue.getWaitingCount()) === 2)
    t.strictSame((await inspector.queue.getWaiting()).map(({ id, data }) => [id, data]).toSorted(), [
      ['reply-a-0', { message_id: 'a', attempt: 0 }],
      ['reply-b~1-0', { message_id: 'b:1', attempt: 0 }],
    ])
  })

  t.test(
    '[QUEUE1] a job that is added again while it runs is handled once, and another attempt is handled, too',
    async (t) => {
      const options = createQueueOptions(redisUnderTest.connector)
      const queue = await openReadyQueue(t, options)
      const inspector = openQueueInspector({ ...options, log: silentLog })
      t.teardown(() => inspector.close())
      const recorder = createJobRecorder()
      const released = Promise.withResolvers<void>()
      const worker = startReplyWorker({
        ...options,
        concurrency: 5,
        log: silentLog,
        handle: async (job) => {
          recorder.record(job)
          await released.promise
        },
      })
      t.teardown(() => worker.close(0))
      queue.add([{ message_id: 'a', attempt: 0 }])
      await recorder.waitForCount(1)

      queue.add([{ message_id: 'a', attempt: 0 }])
      queue.add([{ message_id: 'a', attempt: 1 }])

      await recorder.waitForCount(2)
      released.resolve()
      await waitUntil(async () => (await inspector.queue.getActiveCount()) === 0)
      t.strictSame(recorder.jobs, [
        { message_id: 'a', attempt: 0 },
        { message_id: 'a', attempt: 1 },
      ])
    },
  )

  t.test(
    '[QUEUE9] a delayed job is handled after its delay, and does not prevent another job of its reply',
    async (t) => {
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
      const addedAtMs = performance.now()
      queue.add([{ message_id: 'a', attempt: 1 }], { delayMs: 1_500 })
      queue.add([{ message_id: 'a', attempt: 1 }])
      await recorder.waitForCount(1)
      t.ok(performance.now() - addedAtMs < 1_500, 'the job without a delay is handled earlier')
      await recorder.waitForCount(2)
      t.ok(performance.now() - addedAtMs >= 1_450, 'and the delayed job is handled, too')
      t.strictSame(recorder.jobs, [
        { message_id: 'a', attempt: 1 },
        { message_id: 'a', attempt: 1 },
      ])
    },
  )

  t.test(
    '[QUEUE10] jobs that are added with `isFirst` are handled in their order, before the jobs that wait',
    async (t) => {
      const options = createQueueOptions(redisUnderTest.connector)
      const queue = await openReadyQueue(t, options)
      const inspector = openQueueInspector({ ...options, log: silentLog })
      t.teardown(() => inspector.close())
      queue.add([
        { message_id: 'waiting-1', attempt: 0 },
        { message_id: 'waiting-2', attempt: 0 },
      ])
      await waitUntil(async () => (await inspector.queue.getWaitingCount()) === 2)
      const nextJobs = ['next-1', 'next-2'].map((message_id) => ({ message_id, attempt: 1 }))
      queue.add(nextJobs, { isFirst: true })
      await waitUntil(async () => (await inspector.queue.getWaitingCount()) === 4)

      const recorder = createJobRecorder()
      const handle = async (job: ReplyRef) => recorder.record(job)
      const worker = startReplyWorker({ ...options, concurrency: 1, log: silentLog, handle })
      t.teardown(() => worker.close(0))

      await recorder.waitForCount(4)
      t.strictSame(
        recorder.jobs.map(({ message_id }) => message_id),
        ['next-1', 'next-2', 'waiting-1', 'waiting-2'],
      )
    },
  )

  t.test('[QUEUE2] a finished or failed job leaves nothing in Redis, and may be added again', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const queue = await openReadyQueue(t, options)
    const recorder = createJobRecorder()
    const worker = startReplyWorker({
      ...options,
      concurrency: 1,
      log: silentLog,
      handle: async (job) => {
        recorder.record(job)
        if (job.message_id === 'bad') throw new Error('no')
      },
    })
    t.teardown(() => worker.close(0))
    const redis = openRedis(t, options.connector).client

    for (const [round, message_id] of ['good', 'bad', 'good', 'bad'].entries()) {
      queue.add([{ message_id, attempt: 0 }])
      await recorder.waitForCount(round + 1)
      await waitUntil(async () => (await redis.exists(`{${options.namespace}}:ai-reply:reply-${message_id}-0`)) === 0)
    }

    t.equal(recorder.jobs.length, 4)
  })

  t.test(
    '[QUEUE3] a closing worker takes no more jobs, lets running jobs finish in time, and aborts the others',
    async (t) => {
      const options = createQueueOptions(redisUnderTest.connector)
      const queue = await openReadyQueue(t, options)
      const recorder = createJobRecorder()
      const quick = Promise.withResolvers<void>()
      const ended: string[] = []
      const worker = startReplyWorker({
        ...options,
        concurrency: 2,
        log: silentLog,
        handle: async (job, signal) => {
          recorder.record(job)
          if (job.message_id === 'quick') await quick.promise
          else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          ended.push(`${job.message_id} ${signal.aborted ? 'aborted' : 'finished'}`)
        },
      })
      queue.add([
        { message_id: 'quick', attempt: 0 },
        { message_id: 'slow', attempt: 0 },
      ])
      await recorder.waitForCount(2)

      const closing = worker.close(200)
      t.equal(worker.close(200), closing, 'a second close returns the same promise')
      queue.add([{ message_id: 'late', attempt: 0 }])
      quick.resolve()
      await closing

      t.strictSame(ended, ['quick finished', 'slow aborted'])
      t.equal(recorder.jobs.length, 2)
    },
  )

  t.test('[QUEUE13] jobs that are added right before the queue closes reach Redis', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const { log, loggedEvents } = createRecordedLog()
    const queue = await openReadyQueue(t, options, log)
    const inspector = openQueueInspector({ ...options, log: silentLog })
    t.teardown(() => inspector.close())

    // There are more jobs than one batch holds.
    queue.add(Array.from({ length: 1_500 }, (_, index) => ({ message_id: `m${index}`, attempt: 0 })))
    await queue.close()

    t.equal(await inspector.queue.getWaitingCount(), 1_500)
    t.strictSame(loggedEvents, [])
  })

  t.test('[QUEUE8] a malformed job is dropped, and only the id and the attempt of a job are read', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const { log, waitForLine, loggedEvents } = createRecordedLog()
    const recorder = createJobRecorder()
    const worker = startReplyWorker({ ...options, concurrency: 1, log, handle: async (job) => recorder.record(job) })
    t.teardown(() => worker.close(0))
    const inspector = openQueueInspector({ ...options, log: silentLog })
    t.teardown(() => inspector.close())

    const malformed = waitForLine('EngineerChat.job_malformed')
    for (const data of [{}, { message_id: 7, attempt: 1 }, { message_id: 'x'.repeat(300), attempt: 1 }, ['m']]) {
      await inspector.queue.add('whatever', data)
    }
    await malformed
    await inspector.queue.add('rm -rf', { message_id: 'm1', attempt: 1, sql: "'; DROP TABLE users" })
    await recorder.waitForCount(1)

    t.strictSame(recorder.jobs, [{ message_id: 'm1', attempt: 1 }])
    t.equal(loggedEvents.filter((event) => event === 'EngineerChat.job_malformed').length, 1, 'one line a minute')
  })
}
