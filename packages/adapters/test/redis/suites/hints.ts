import { openRedisHints } from '@engineer-chat/adapters/redis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import {
  createChange,
  createInbox,
  createInstallation,
  createProcesses,
  createRecordingLog,
  createRow,
  resolvesAtOnce,
  waitUntil,
  watchRoom,
} from '../setup.ts'

const waitUntilReady = (hints: ReturnType<typeof openRedisHints>) =>
  waitUntil(
    () => hints.feed.findReplyText('nobody'),
    () => hints.status() === 'ready',
  )

export function proveHints(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[HINT1] a change reaches every node that watches its room, and no other room', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.servers)
    const [api, near, far] = [start('api'), start('near'), start('far')]
    const [a, b, other] = await Promise.all([watchRoom(near, 'e1'), watchRoom(far, 'e1'), watchRoom(far, 'e2')])
    await waitUntilReady(api)
    const change = createChange(createRow('e1', 1))
    api.bus.publish(change)
    t.same(await a.next(), { type: 'change', change })
    t.same(await b.next(), { type: 'change', change })
    near.feed.unsubscribe('e1')
    api.bus.publish(createChange(createRow('e1', 2)))
    await b.next()
    t.same([a.items, other.items], [[], []])
  })

  t.test('[HINT2] a change over 64 KiB travels without its rows', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.servers)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    await waitUntilReady(node)
    node.bus.publish({ event_id: 'e1', first_seq: 3, seq: 4, rows: [createRow('e1', 4, 'ü'.repeat(33_000))] })
    t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 3, seq: 4 } })
  })

  t.test('[HINT3] a hint that does not belong to this room is logged and ignored', async (t) => {
    const { start, raw, log, namespace, signer } = createProcesses(t, redisUnderTest.servers)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    const good = createChange(createRow('e1', 5))
    const bad = [
      '{not json}',
      '{}',
      '{"type":null}',
      '{"type":"unheard of"}',
      '{"type":"change"}',
      JSON.stringify({ type: 'change', change: { ...good, event_id: 'e2' } }),
      JSON.stringify({ type: 'change', change: { ...good, first_seq: 6 } }),
      JSON.stringify({ type: 'change', change: { ...good, rows: [{ message: {} }] } }),
      JSON.stringify({ type: 'change', change: { ...good, rows: [createRow('e2', 5)] } }),
      JSON.stringify({
        type: 'deltas',
        deltas: [{ message_id: 'm', event_id: 'e1', attempt: 1, index: -1, text: '' }],
      }),
      JSON.stringify({ type: 'presence', node_id: 'x', users: [1] }),
    ]
    const look = raw()
    const channel = `${namespace}:room:e1`
    for (const text of [...bad, JSON.stringify({ type: 'change', change: good })]) {
      await look.publish(channel, signer.sign(channel, text))
    }
    t.same(await hints.next(), { type: 'change', change: good })
    t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.hint_malformed').length, bad.length)
  })

  t.test(
    '[HINT3] an event of another version’s node, which lacks a field, is left for the receiver to read',
    async (t) => {
      const { start, raw, namespace, signer } = createProcesses(t, redisUnderTest.servers)
      const node = start('node')
      const hints = await watchRoom(node, 'e1')
      const channel = `${namespace}:room:e1`
      const change = { event_id: 'e1', first_seq: 7, seq: 7, rows: [], event: { event_id: 'e1', event_name: 'Old' } }
      await raw().publish(channel, signer.sign(channel, JSON.stringify({ type: 'change', change })))
      t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 7, seq: 7 } })
    },
  )

  t.test('[HINT4] a node’s hint reaches the other nodes and not the node itself', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.servers)
    const [one, two] = [start('one'), start('two')]
    const [own, others] = await Promise.all([watchRoom(one, 'e1'), watchRoom(two, 'e1')])
    await waitUntilReady(one)
    one.feed.publishHint('e1', { type: 'presence', node_id: 'one', users: ['u1'] })
    one.feed.publishHint('e1', { type: 'typing', user_id: 'u1' })
    one.feed.publishHint('e1', { type: 'who' })
    one.bus.publish(createChange(createRow('e1', 1)))
    t.same(await others.next(), { type: 'presence', node_id: 'one', users: ['u1'] })
    t.same(await others.next(), { type: 'typing', user_id: 'u1' })
    t.same(await others.next(), { type: 'who' })
    t.match(await own.next(), { type: 'change' }, 'the first that it receives')
  })

  t.test('[HINT5] rights and cancellations reach every subscriber', async (t) => {
    const { start, raw, namespace } = createProcesses(t, redisUnderTest.servers)
    const [api, node, worker] = [start('api'), start('node'), start('worker')]
    const rights = createInbox<true>()
    const cancels = createInbox<string>()
    node.feed.onRightsChanged(() => rights.push(true))
    worker.cancels.onCancel((message_id) => cancels.push(message_id))
    const look = raw()
    await waitUntil(
      () => Promise.all([look.countSubscribers(`${namespace}:rights`), look.countSubscribers(`${namespace}:cancel`)]),
      (counts) => counts.every((count) => count === 1),
    )
    await waitUntilReady(api)
    api.bus.publishRightsChange()
    api.bus.publishCancel('m1')
    t.equal(await rights.next(), true)
    t.equal(await cancels.next(), 'm1')
  })

  t.test(
    '[HINT6] Redis away: nothing waits or throws, one line says so; back: rooms are subscribed and the gap is reported',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { start, raw, log } = createProcesses(t, redis.servers)
      const [api, node] = [start('api'), start('node')]
      const hints = await watchRoom(node, 'e1')
      await Promise.all([waitUntilReady(api), waitUntilReady(node)])
      const gaps = createInbox<true>()
      node.feed.onGap(() => gaps.push(true))

      await redis.stop()
      await waitUntil(
        () => api.feed.findReplyText('m1'),
        () => api.status() === 'down' && node.status() === 'down',
      )
      const reply = api.live.open({ message_id: 'm1', attempt: 1 }, 'e1')
      for (let seq = 1; seq <= 200; seq += 1) {
        api.bus.publish(createChange(createRow('e1', seq)))
        reply.append('x')
      }
      api.bus.publishRightsChange()
      api.bus.publishCancel('m1')
      reply.end()
      t.ok(await resolvesAtOnce(node.feed.subscribe('e2')), 'nothing waited')
      const late = watchRoom({ feed: node.feed, status: () => 'ready' }, 'e3') // The node isn't ready, and no caller waits for it.
      t.equal(await api.feed.findReplyText('m1'), undefined)

      const probe = raw().client
      for (let failed = 0; failed < 5; failed += 1) {
        await new Promise<void>((resolve) => probe.once('close', () => resolve())) // The others have tried as often by then.
      }
      await redis.start()
      await gaps.next()
      await waitUntilReady(api)
      api.bus.publish(createChange(createRow('e1', 201)))
      api.bus.publish(createChange(createRow('e3', 1)))
      t.match(await hints.next(), { change: { seq: 201 } })
      t.match(await (await late).next(), { change: { seq: 1 } }, 'asked for during the outage')
      const lost = log.lines.filter(({ event }) => event === 'EngineerChat.redis_lost')
      t.equal(lost.length, 3, 'two that publish, one that listens')
    },
  )

  t.test('[HINT6] a Redis that hangs delays nobody, and the waiting texts are bounded', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, raw } = createProcesses(t, redis.servers)
    const api = start('api')
    await waitUntilReady(api)
    const countPublished = () => raw().countCalls('publish')
    const before = await countPublished()
    redis.signal('SIGSTOP')
    t.teardown(() => redis.signal('SIGCONT'))
    for (let seq = 1; seq <= 20_000; seq += 1) api.bus.publish(createChange(createRow('e1', seq)))
    t.ok(await resolvesAtOnce(api.feed.findReplyText('m1')), 'full: answered at once, not after the time limit')
    redis.signal('SIGCONT')
    await waitUntilReady(api)
    if (redis.servers.form === 'single') t.ok((await countPublished()) - before <= 5_000, 'the rest was dropped')
  })

  t.test(
    '[HINT6] a subscription while Redis hangs returns soon, and reports when the room is subscribed',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { start } = createProcesses(t, redis.servers)
      const api = start('api')
      const first = await watchRoom(api, 'e0')
      await waitUntilReady(api)
      const patient = redis.servers.open({ commandTimeout: 2_000, maxRetriesPerRequest: null })
      patient.on('error', () => undefined)
      t.teardown(() => patient.disconnect())
      await patient.ping()
      redis.signal('SIGSTOP')
      t.teardown(() => redis.signal('SIGCONT'))
      const gaps = createInbox<true>()
      api.feed.onGap(() => gaps.push(true))
      const limit = patient.ping().catch(() => 'the time limit')
      const rooms = (async () => {
        for (const room of ['e1', 'e2', 'e3', 'e4']) await api.feed.subscribe(room)
        return 'let go on'
      })()
      t.equal(await Promise.race([rooms, limit]), 'let go on', 'a moment for each connection, once')
      await waitUntil(
        () => api.feed.findReplyText('nobody'),
        () => api.status() === 'down',
      )
      redis.signal('SIGCONT')
      await gaps.next()
      await waitUntilReady(api)
      api.bus.publish(createChange(createRow('e0', 1)))
      t.match(await first.next(), { type: 'change' })
    },
  )

  t.test('[HINT6] closing twice, and without Redis, ends', async () => {
    const hints = openRedisHints({
      ...{ servers: redisUnderTest.nowhere, namespace: 'n', installation: createInstallation() },
      ...{ nodeId: 'n', log: createRecordingLog() },
    })
    hints.feed.onRightsChanged(() => undefined)
    await hints.close()
    await hints.close()
  })
}
