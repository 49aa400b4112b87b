import {
  openQueueInspector,
  openReplyQueue,
  type QueueOwnership,
  startReplyWorker,
} from '@engineer-chat/adapters/bullmq'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { Test } from 'tap'
import { openRedis, type RedisUnderTest } from '../../redis/redis-under-test.ts'
import { createJobRecorder, createQueueOptions, openReadyQueue, silentLog, waitUntil } from './queue-harness.ts'

/** Proves that a process does not use the Redis of another installation. */
export function proveOwnership(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[QUEUE7] while Redis belongs to another installation no job is added or taken', async (t) => {
    const options = createQueueOptions(redisUnderTest.connector)
    const { ownership } = createOwnership(false)
    // The queue of the other installation, which has the same namespace.
    const theirQueue = await openReadyQueue(t, options)
    const ourQueue = openReplyQueue({ ...options, ownership, log: silentLog })
    t.teardown(() => ourQueue.close())
    const recorder = createJobRecorder()
    const worker = startWorker(t, { ...options, ownership }, recorder)
    const listWaiting = watchWaitingJobs(t, options)

    ourQueue.add([{ message_id: 'ours', attempt: 0 }])
    theirQueue.add([{ message_id: 'theirs', attempt: 0 }])

    await waitUntil(async () => (await listWaiting()).length === 1)
    t.same(await listWaiting(), ['theirs'])
    t.same([ourQueue.status(), worker.status()], ['down', 'down'])
    t.same(recorder.jobs, [])
  })

  t.test(
    '[QUEUE7] jobs are handled again when Redis belongs to this installation again; a job that was added meanwhile is dropped',
    async (t) => {
      const options = createQueueOptions(redisUnderTest.connector)
      const { ownership, setOwnership } = createOwnership(true)
      const theirQueue = await openReadyQueue(t, options)
      const ourQueue = openReplyQueue({ ...options, ownership, log: silentLog })
      t.teardown(() => ourQueue.close())
      await waitUntil(() => ourQueue.status() === 'ready')
      const recorder = createJobRecorder()
      startWorker(t, { ...options, ownership }, recorder)
      const listWaiting = watchWaitingJobs(t, options)
      theirQueue.add([{ message_id: 'theirs-1', attempt: 0 }])
      await recorder.waitForCount(1)
      setOwnership(false)
      ourQueue.add([{ message_id: 'ours-dropped', attempt: 0 }])
      theirQueue.add([{ message_id: 'theirs-2', attempt: 0 }])
      await waitUntil(async () => (await listWaiting()).includes('theirs-2'))

      setOwnership(true)
      ourQueue.add([{ message_id: 'ours-added', attempt: 0 }])

      await recorder.waitForCount(3)
      t.same(
        recorder.jobs.map(({ message_id }) => message_id),
        ['theirs-1', 'theirs-2', 'ours-added'],
      )
    },
  )

  t.test(
    '[QUEUE7] a job that was taken before the worker knew that Redis belongs to another installation is given back',
    async (t) => {
      const options = createQueueOptions(redisUnderTest.connector)
      const { ownership, notify, setOwnershipSilently, countChecks } = createOwnership(true)
      const recorder = createJobRecorder()
      startWorker(t, { ...options, ownership }, recorder)
      const theirQueue = await openReadyQueue(t, options)
      setOwnershipSilently(false)
      const checksBefore = countChecks()
      theirQueue.add([{ message_id: 'theirs', attempt: 0 }])
      await waitUntil(() => countChecks() > checksBefore) // The worker has taken the job, and nothing paused it.

      notify()

      const redis = openRedis(t, options.connector).client
      await waitUntil(async () => (await redis.llen(`{${options.namespace}}:ai-reply:wait`)) === 1)
      t.same(recorder.jobs, [])
      setOwnershipSilently(true)
      notify()
      await recorder.waitForCount(1)
    },
  )
}

/** Creates an ownership that the test sets. `countChecks` counts how often `isOurs` was called. */
function createOwnership(isOursAtFirst: boolean) {
  const listeners: Array<() => void> = []
  let isOurs = isOursAtFirst
  let checks = 0
  const ownership: QueueOwnership = {
    isOurs: () => {
      checks += 1
      return isOurs
    },
    onChange: (listener) => void listeners.push(listener),
  }
  const notify = () => {
    for (const listener of listeners) listener()
  }
  const setOwnershipSilently = (newIsOurs: boolean) => {
    isOurs = newIsOurs
  }
  const setOwnership = (newIsOurs: boolean) => {
    setOwnershipSilently(newIsOurs)
    notify()
  }
  return { ownership, notify, setOwnership, setOwnershipSilently, countChecks: () => checks }
}

type QueueOptions = ReturnType<typeof createQueueOptions>

function startWorker(t: Test, options: QueueOptions, recorder: ReturnType<typeof createJobRecorder>) {
  const handle = async (job: ReplyRef) => recorder.record(job)
  const worker = startReplyWorker({ ...options, concurrency: 1, log: silentLog, handle })
  t.teardown(() => worker.close(0))
  return worker
}

function watchWaitingJobs(t: Test, options: QueueOptions): () => Promise<string[]> {
  const inspector = openQueueInspector({ ...options, log: silentLog })
  t.teardown(() => inspector.close())
  return async () => (await inspector.queue.getWaiting()).map(({ data }) => data.message_id)
}
