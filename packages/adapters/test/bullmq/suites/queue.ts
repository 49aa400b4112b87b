import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openReplyBoard, openReplyQueue, type QueueGuard, startReplyWorker } from '@engineer-chat/adapters/bullmq'
import type { RedisServers } from '@engineer-chat/adapters/redis'
import type { Log, ReplyRef } from '@engineer-chat/chat/shared'
import type { RedisSet, Server } from '@engineer-chat/local-stack'
import { Redis } from 'ioredis'
import type { Test } from 'tap'
import { lookInto, type RedisUnderTest } from '../../redis/redis-under-test.ts'

const silent: Log = { info() {}, warn() {}, error() {} }

/** Resolves with the log's next line of that name. */
function listening() {
  const waiting = new Map<string, () => void>()
  const lines: string[] = []
  const write = (event: string) => {
    lines.push(event)
    waiting.get(event)?.()
  }
  const heard = (event: string) => new Promise<void>((resolve) => waiting.set(event, resolve))
  return { log: { info: write, warn: write, error: write } satisfies Log, heard, lines }
}

/** Collects what a worker receives, and lets a test wait for the nth job. */
function collector() {
  const refs: ReplyRef[] = []
  const waiting: Array<{ count: number; resolve(): void }> = []
  return {
    refs,
    take(ref: ReplyRef) {
      refs.push(ref)
      for (const { count, resolve } of waiting) if (refs.length >= count) resolve()
    },
    reached: (count: number) =>
      new Promise<void>((resolve) => {
        if (refs.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
  }
}

const OURS: QueueGuard = { isOurs: () => true, onChange: () => undefined }

const where = (servers: RedisServers) => ({ servers, namespace: `test-${randomUUID()}`, guard: OURS })

async function readyQueue(t: Test, at: ReturnType<typeof where>, log: Log = silent) {
  const queue = openReplyQueue({ ...at, log })
  t.teardown(() => queue.close())
  await until(() => queue.status() === 'ready')
  return queue
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve))
}

export function queueSuite(t: Test, under: RedisUnderTest): void {
  t.test('[QUEUE1] what is added is handled once, however often it is added, also under a running job', async (t) => {
    const at = where(under.servers)
    const queue = await readyQueue(t, at)
    const board = openReplyBoard({ ...at, log: silent })
    t.teardown(() => board.close())
    const seen = collector()
    const gate = Promise.withResolvers<void>()
    queue.add([
      { message_id: 'a', attempt: 0 },
      { message_id: 'a', attempt: 0 },
    ])
    queue.add([
      { message_id: 'a', attempt: 0 },
      { message_id: 'b:1', attempt: 0 },
    ])
    await until(async () => (await board.queue.getWaitingCount()) === 2)
    t.strictSame((await board.queue.getWaiting()).map(({ id, data }) => [id, data]).toSorted(), [
      ['reply-a-0', { message_id: 'a', attempt: 0 }],
      ['reply-b~1-0', { message_id: 'b:1', attempt: 0 }],
    ])
    const worker = startReplyWorker({
      ...at,
      concurrency: 5,
      log: silent,
      handle: async (ref) => {
        seen.take(ref)
        await gate.promise
      },
    })
    t.teardown(() => worker.close(0))
    await seen.reached(2)
    queue.add([{ message_id: 'a', attempt: 0 }])
    queue.add([{ message_id: 'a', attempt: 1 }])
    await seen.reached(3)
    t.strictSame(seen.refs.at(-1), { message_id: 'a', attempt: 1 }, 'another attempt is another job')
    gate.resolve()
    await until(async () => (await board.queue.getActiveCount()) === 0)
    t.equal(seen.refs.length, 3)
  })

  t.test('[QUEUE9] a delayed job is handled after its time, and keeps out no other one of its reply', async (t) => {
    const at = where(under.servers)
    const queue = await readyQueue(t, at)
    const seen = collector()
    const worker = startReplyWorker({ ...at, concurrency: 1, log: silent, handle: async (ref) => seen.take(ref) })
    t.teardown(() => worker.close(0))
    const addedAtMs = performance.now()
    queue.add([{ message_id: 'a', attempt: 1 }], 1_500)
    queue.add([{ message_id: 'a', attempt: 1 }])
    await seen.reached(1)
    t.ok(performance.now() - addedAtMs < 1_500, 'the sweep or an earlier hint wakes it sooner')
    await seen.reached(2)
    t.ok(performance.now() - addedAtMs >= 1_450, 'and the delayed one comes as well')
    t.strictSame(seen.refs, [
      { message_id: 'a', attempt: 1 },
      { message_id: 'a', attempt: 1 },
    ])
  })

  t.test('[QUEUE2] a finished job leaves nothing behind, also one that failed, and may come again', async (t) => {
    const at = where(under.servers)
    const queue = await readyQueue(t, at)
    const seen = collector()
    const worker = startReplyWorker({
      ...at,
      concurrency: 1,
      log: silent,
      handle: async (ref) => {
        seen.take(ref)
        if (ref.message_id === 'bad') throw new Error('no')
      },
    })
    t.teardown(() => worker.close(0))
    const redis = lookInto(t, at.servers).client
    for (const [round, message_id] of ['good', 'bad', 'good', 'bad'].entries()) {
      queue.add([{ message_id, attempt: 0 }])
      await seen.reached(round + 1)
      await until(async () => (await redis.exists(`{${at.namespace}}:ai-reply:reply-${message_id}-0`)) === 0)
    }
    t.equal(seen.refs.length, 4)
  })

  t.test(
    '[QUEUE3] closing takes no more jobs, lets those in flight finish in time, and aborts the others',
    async (t) => {
      const at = where(under.servers)
      const queue = await readyQueue(t, at)
      const seen = collector()
      const quick = Promise.withResolvers<void>()
      const ended: string[] = []
      const worker = startReplyWorker({
        ...at,
        concurrency: 2,
        log: silent,
        handle: async (ref, signal) => {
          seen.take(ref)
          if (ref.message_id === 'quick') await quick.promise
          else await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
          ended.push(`${ref.message_id} ${signal.aborted ? 'aborted' : 'finished'}`)
        },
      })
      queue.add([
        { message_id: 'quick', attempt: 0 },
        { message_id: 'slow', attempt: 0 },
      ])
      await seen.reached(2)
      const closing = worker.close(200)
      t.equal(worker.close(200), closing, 'a second close joins the first')
      queue.add([{ message_id: 'late', attempt: 0 }])
      quick.resolve()
      await closing
      t.strictSame(ended, ['quick finished', 'slow aborted'])
      t.equal(seen.refs.length, 2)
    },
  )

  t.test('[QUEUE4] with Redis down nothing waits, throws or hangs: not adding, not closing', async (t) => {
    const redis = await under.breakable(t)
    const at = where(redis.servers)
    const { log, heard } = listening()
    const queue = await readyQueue(t, at, log)
    const seen = collector()
    const gate = Promise.withResolvers<void>()
    const handle = async (ref: ReplyRef) => {
      seen.take(ref)
      await gate.promise
    }
    const worker = startReplyWorker({ ...at, concurrency: 1, log: silent, handle })
    queue.add([{ message_id: 'in-flight', attempt: 0 }])
    await seen.reached(1)
    const lost = heard('EngineerChat.queue_lost')
    await redis.stop()
    await lost
    t.equal(queue.status(), 'down')
    const began = performance.now()
    for (let nth = 0; nth < 1_000; nth++) queue.add([{ message_id: `m${nth}`, attempt: 0 }])
    t.ok(performance.now() - began < 200)
    const closing = worker.close(100)
    gate.resolve()
    await closing
    await queue.close()
    t.ok(performance.now() - began < 6_000)
  })

  t.test(
    '[QUEUE4] a queue and a worker that start without Redis work once there is one, and again after each outage',
    async (t) => {
      const redis = await under.breakable(t)
      const at = where(redis.servers)
      await redis.stop()
      const { log, heard } = listening()
      const lost = heard('EngineerChat.queue_lost')
      const queue = openReplyQueue({ ...at, log })
      t.teardown(() => queue.close())
      const seen = collector()
      const worker = startReplyWorker({ ...at, concurrency: 1, log: silent, handle: async (ref) => seen.take(ref) })
      t.teardown(() => worker.close(0))
      await lost
      queue.add([{ message_id: 'dropped', attempt: 0 }])
      for (let outage = 1; outage <= 2; outage++) {
        const back = heard('EngineerChat.queue_back')
        await redis.start()
        await back
        queue.add([{ message_id: `m${outage}`, attempt: 0 }])
        await seen.reached(outage)
        const lostAgain = heard('EngineerChat.queue_lost')
        await redis.stop()
        await lostAgain
      }
      t.strictSame(
        seen.refs.map(({ message_id }) => message_id),
        ['m1', 'm2'],
      )
    },
  )

  t.test(
    '[QUEUE7] while Redis belongs to another installation no job is added or taken; afterwards jobs go on',
    async (t) => {
      const at = where(under.servers)
      const listeners: Array<() => void> = []
      let isOurs = false
      const guard: QueueGuard = { isOurs: () => isOurs, onChange: (listener) => void listeners.push(listener) }
      const change = (to: boolean) => {
        isOurs = to
        for (const listener of listeners) listener()
      }
      const theirs = await readyQueue(t, at) // The queue of the other installation.
      const ours = openReplyQueue({ ...at, guard, log: silent })
      t.teardown(() => ours.close())
      const board = openReplyBoard({ ...at, log: silent })
      t.teardown(() => board.close())
      const seen = collector()
      const handle = async (ref: ReplyRef) => seen.take(ref)
      const worker = startReplyWorker({ ...at, guard, concurrency: 1, log: silent, handle })
      t.teardown(() => worker.close(0))
      const waiting = async () => (await board.queue.getWaiting()).map(({ data }) => data.message_id)

      ours.add([{ message_id: 'ours-1', attempt: 0 }])
      theirs.add([{ message_id: 'theirs-1', attempt: 0 }])
      await until(async () => (await waiting()).length === 1)
      t.same([ours.status(), worker.status()], ['down', 'down'])
      change(true)
      await seen.reached(1)
      change(false)
      ours.add([{ message_id: 'ours-2', attempt: 0 }])
      theirs.add([{ message_id: 'theirs-2', attempt: 0 }])
      await until(async () => (await waiting()).includes('theirs-2'))
      t.same(await waiting(), ['theirs-2'], 'it is left alone')
      change(true)
      ours.add([{ message_id: 'ours-3', attempt: 0 }])
      await seen.reached(3)
      t.same(
        seen.refs.map(({ message_id }) => message_id),
        ['theirs-1', 'theirs-2', 'ours-3'],
        'ours were dropped, and the sweep finds them',
      )
    },
  )

  t.test('[QUEUE7] a job that was taken before Redis was known to be another’s is given back', async (t) => {
    const at = where(under.servers)
    let [isOurs, asked] = [true, 0]
    const listeners: Array<() => void> = []
    const guard: QueueGuard = {
      isOurs: () => {
        asked += 1
        return isOurs
      },
      onChange: (listener) => void listeners.push(listener),
    }
    const seen = collector()
    const handle = async (ref: ReplyRef) => seen.take(ref)
    const worker = startReplyWorker({ ...at, guard, concurrency: 1, log: silent, handle })
    t.teardown(() => worker.close(0))
    const theirs = await readyQueue(t, at)
    isOurs = false
    const before = asked
    theirs.add([{ message_id: 'theirs', attempt: 0 }])
    await until(() => asked > before) // The worker has taken the job, and nothing has told it to pause.
    for (const listener of listeners) listener()
    const redis = lookInto(t, at.servers).client
    await until(async () => (await redis.llen(`{${at.namespace}}:ai-reply:wait`)) === 1)
    t.same(seen.refs, [])
    isOurs = true
    for (const listener of listeners) listener()
    await seen.reached(1)
  })

  t.test('[QUEUE8] a forged job is dropped: it is read for an id and nothing else', async (t) => {
    const at = where(under.servers)
    const { log, heard, lines } = listening()
    const seen = collector()
    const worker = startReplyWorker({ ...at, concurrency: 1, log, handle: async (ref) => seen.take(ref) })
    t.teardown(() => worker.close(0))
    const board = openReplyBoard({ ...at, log: silent })
    t.teardown(() => board.close())
    const malformed = heard('EngineerChat.job_malformed')
    for (const data of [{}, { message_id: 7, attempt: 1 }, { message_id: 'x'.repeat(300), attempt: 1 }, ['m']]) {
      await board.queue.add('whatever', data)
    }
    await malformed
    await board.queue.add('rm -rf', { message_id: 'm1', attempt: 1, sql: "'; DROP TABLE users" })
    await seen.reached(1)
    t.strictSame(seen.refs, [{ message_id: 'm1', attempt: 1 }])
    t.equal(lines.filter((event) => event === 'EngineerChat.job_malformed').length, 1, 'one line a minute')
  })

  t.test('[QUEUE5] a flushed Redis loses the jobs and nothing else: what is added again is handled', async (t) => {
    const redis = await under.breakable(t)
    const at = where(redis.servers)
    const queue = await readyQueue(t, at)
    const seen = collector()
    const gate = Promise.withResolvers<void>()
    const worker = startReplyWorker({
      ...at,
      concurrency: 1,
      log: silent,
      handle: async (ref) => {
        seen.take(ref)
        await gate.promise
      },
    })
    t.teardown(() => worker.close(0))
    queue.add([
      { message_id: 'in-flight', attempt: 0 },
      { message_id: 'waiting', attempt: 0 },
    ])
    await seen.reached(1)
    await lookInto(t, redis.servers).flush()
    gate.resolve()
    queue.add([{ message_id: 'waiting', attempt: 0 }])
    await seen.reached(2)
    t.strictSame(seen.refs, [
      { message_id: 'in-flight', attempt: 0 },
      { message_id: 'waiting', attempt: 0 },
    ])
  })
}

/** These tests need a form in which another server takes over. */
export function queueTakeoverSuite(t: Test, under: RedisUnderTest, set: RedisSet): void {
  t.test('[QUEUE6] a primary hangs, a replica takes over: what is added is handled again', async (t) => {
    const at = where(under.servers)
    const queue = await readyQueue(t, at)
    const seen = collector()
    const worker = startReplyWorker({ ...at, concurrency: 1, log: silent, handle: async (ref) => seen.take(ref) })
    t.teardown(() => worker.close(0))
    queue.add([{ message_id: 'before', attempt: 0 }])
    await seen.reached(1)
    const victim = await ownerOf(set, `{${at.namespace}}:ai-reply:meta`)
    process.kill(victim.pid, 'SIGSTOP')
    t.teardown(() => process.kill(victim.pid, 'SIGCONT'))
    for (let nth = 0; !seen.refs.some(({ message_id }) => message_id.startsWith('after')); nth++) {
      queue.add([{ message_id: `after-${nth}`, attempt: 0 }]) // The sweep adds lost jobs again.
      await sleep(100)
    }
  })
}

async function ownerOf(set: RedisSet, key: string): Promise<Server> {
  for (const server of await set.listPrimaries()) {
    const client = new Redis(server.url)
    const has = await client.exists(key).catch(() => 0)
    client.disconnect()
    if (has === 1) return server
  }
  throw new Error(`nobody has ${key}`)
}
