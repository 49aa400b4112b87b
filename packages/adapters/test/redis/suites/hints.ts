import { openRedisAdapters, type RedisAdapters } from '@engineer-chat/adapters/redis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import {
  createChange,
  createInbox,
  createInstallation,
  createProcesses,
  createRecordingLog,
  createRow,
  resolvesImmediately,
  waitUntil,
  watchRoom,
} from '../setup.ts'

/** Waits until the process is ready. The reads open the connections that a client of a cluster opens on demand. */
const waitUntilReady = (redisAdapters: RedisAdapters) =>
  waitUntil(
    () => redisAdapters.feed.findReplyText('nobody'),
    () => redisAdapters.status() === 'ready',
  )

export function proveHints(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[HINT1] a change reaches every node that watches its room, and no other room', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.connector)
    const [api, firstNode, secondNode] = [start('api'), start('first'), start('second')]
    const [firstHints, secondHints, hintsOfOtherRoom] = await Promise.all([
      watchRoom(firstNode, 'e1'),
      watchRoom(secondNode, 'e1'),
      watchRoom(secondNode, 'e2'),
    ])
    await waitUntilReady(api)
    const change = createChange(createRow('e1', 1))
    api.bus.publish(change)
    t.same(await firstHints.next(), { type: 'change', change })
    t.same(await secondHints.next(), { type: 'change', change })
    firstNode.feed.unsubscribe('e1')
    api.bus.publish(createChange(createRow('e1', 2)))
    await secondHints.next()
    t.same([firstHints.items, hintsOfOtherRoom.items], [[], []])
  })

  t.test('[HINT1] a change that is published right before a node closes reaches the other nodes', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.connector)
    const [api, node] = [start('api'), start('node')]
    const hints = await watchRoom(node, 'e1')
    await waitUntilReady(api)
    const change = createChange(createRow('e1', 1))
    api.bus.publish(change)
    await api.close()
    node.bus.publish(createChange(createRow('e1', 2)))
    t.same(await hints.next(), { type: 'change', change })
  })

  t.test('[HINT2] a change over 64 KiB is sent without its rows', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.connector)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    await waitUntilReady(node)
    node.bus.publish({ event_id: 'e1', first_seq: 3, seq: 4, rows: [createRow('e1', 4, 'ü'.repeat(33_000))] })
    t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 3, seq: 4 } })
  })

  t.test('[HINT3] a malformed hint, or one about another room, is logged and ignored', async (t) => {
    const { start, openRaw, log, namespace, signer } = createProcesses(t, redisUnderTest.connector)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    const validChange = createChange(createRow('e1', 5))
    const malformedTexts = [
      '{not json}',
      '{}',
      '{"type":null}',
      '{"type":"unheard of"}',
      '{"type":"change"}',
      JSON.stringify({ type: 'change', change: { ...validChange, event_id: 'e2' } }),
      JSON.stringify({ type: 'change', change: { ...validChange, first_seq: 6 } }),
      JSON.stringify({ type: 'change', change: { ...validChange, rows: [{ message: {} }] } }),
      JSON.stringify({ type: 'change', change: { ...validChange, rows: [createRow('e2', 5)] } }),
      JSON.stringify({
        type: 'deltas',
        deltas: [{ message_id: 'm', event_id: 'e1', attempt: 1, index: -1, text: '' }],
      }),
      JSON.stringify({ type: 'presence', node_id: 'x', users: [1] }),
    ]
    const probe = openRaw()
    const channel = `${namespace}:room:e1`
    for (const text of [...malformedTexts, JSON.stringify({ type: 'change', change: validChange })]) {
      await probe.publish(channel, signer.sign(channel, text))
    }
    t.same(await hints.next(), { type: 'change', change: validChange })
    t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.hint_malformed').length, malformedTexts.length)
  })

  t.test(
    '[HINT3] an event that lacks a field, from a node of another version, is dropped, so the receiver reads it from MySQL',
    async (t) => {
      const { start, openRaw, namespace, signer } = createProcesses(t, redisUnderTest.connector)
      const node = start('node')
      const hints = await watchRoom(node, 'e1')
      const channel = `${namespace}:room:e1`
      const change = { event_id: 'e1', first_seq: 7, seq: 7, rows: [], event: { event_id: 'e1', event_name: 'Old' } }
      await openRaw().publish(channel, signer.sign(channel, JSON.stringify({ type: 'change', change })))
      t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 7, seq: 7 } })
    },
  )

  t.test(
    '[HINT4] presence, typing and `who` reach the other nodes and not the sender, and a change reaches the sender, too',
    async (t) => {
      const { start } = createProcesses(t, redisUnderTest.connector)
      const [sender, receiver] = [start('one'), start('two')]
      const [senderHints, receiverHints] = await Promise.all([watchRoom(sender, 'e1'), watchRoom(receiver, 'e1')])
      await waitUntilReady(sender)
      sender.feed.publishHint('e1', { type: 'presence', node_id: 'one', users: ['u1'] })
      sender.feed.publishHint('e1', { type: 'typing', user_id: 'u1' })
      sender.feed.publishHint('e1', { type: 'who' })
      sender.bus.publish(createChange(createRow('e1', 1)))
      t.same(await receiverHints.next(), { type: 'presence', node_id: 'one', users: ['u1'] })
      t.same(await receiverHints.next(), { type: 'typing', user_id: 'u1' })
      t.same(await receiverHints.next(), { type: 'who' })
      t.match(await senderHints.next(), { type: 'change' }, 'the first hint that the sender receives')
    },
  )

  t.test('[HINT5] rights and cancellations reach every subscriber', async (t) => {
    const { start, openRaw, namespace } = createProcesses(t, redisUnderTest.connector)
    const [api, node, worker] = [start('api'), start('node'), start('worker')]
    const rights = createInbox<true>()
    const cancels = createInbox<string>()
    node.feed.onRightsChanged(() => rights.push(true))
    worker.cancels.onCancel((message_id) => cancels.push(message_id))
    const probe = openRaw()
    await waitUntil(
      () => Promise.all([probe.countSubscribers(`${namespace}:rights`), probe.countSubscribers(`${namespace}:cancel`)]),
      (counts) => counts.every((count) => count === 1),
    )
    await waitUntilReady(api)
    api.bus.publishRightsChange()
    api.bus.publishCancel('m1')
    t.equal(await rights.next(), true)
    t.equal(await cancels.next(), 'm1')
  })

  t.test(
    '[HINT6] while Redis is down nothing waits or throws, and one line is logged; when it is back, rooms are subscribed and the gap is reported',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { start, openRaw, log } = createProcesses(t, redis.connector)
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
      const reply = api.replyStreams.open({ message_id: 'm1', attempt: 1 }, 'e1')
      for (let seq = 1; seq <= 200; seq += 1) {
        api.bus.publish(createChange(createRow('e1', seq)))
        reply.append('x')
      }
      api.bus.publishRightsChange()
      api.bus.publishCancel('m1')
      reply.end()
      t.ok(await resolvesImmediately(node.feed.subscribe('e2')), 'the call does not wait')
      // With this status `watchRoom` does not wait until the node is ready.
      const hintsOfNewRoom = watchRoom({ feed: node.feed, status: () => 'ready' }, 'e3')
      t.equal(await api.feed.findReplyText('m1'), undefined)

      const probe = openRaw().client
      // The nodes reconnect at the same intervals as this probe, so their connections fail about as often as its own.
      for (let failed = 0; failed < 5; failed += 1) {
        await new Promise<void>((resolve) => probe.once('close', () => resolve()))
      }
      await redis.start()
      await gaps.next()
      await waitUntilReady(api)
      api.bus.publish(createChange(createRow('e1', 201)))
      api.bus.publish(createChange(createRow('e3', 1)))
      t.match(await hints.next(), { change: { seq: 201 } })
      t.match(await (await hintsOfNewRoom).next(), { change: { seq: 1 } }, 'it was subscribed during the outage')
      const lost = log.lines.filter(({ event }) => event === 'EngineerChat.redis_lost')
      t.equal(lost.length, 3, 'two publishers and one subscription')
    },
  )

  t.test('[HINT6] a Redis that hangs delays no caller, and the number of waiting commands is limited', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, openRaw } = createProcesses(t, redis.connector)
    const api = start('api')
    await waitUntilReady(api)
    const countPublished = () => openRaw().countCalls('publish')
    const before = await countPublished()
    redis.signal('SIGSTOP')
    t.teardown(() => redis.signal('SIGCONT'))
    for (let seq = 1; seq <= 20_000; seq += 1) api.bus.publish(createChange(createRow('e1', seq)))
    t.ok(
      await resolvesImmediately(api.feed.findReplyText('m1')),
      'the queue is full, so the call returns immediately, not after the time limit',
    )
    redis.signal('SIGCONT')
    await waitUntilReady(api)
    if (redis.connector.topology === 'single')
      t.ok((await countPublished()) - before <= 5_000, 'further changes were dropped')
  })

  t.test(
    '[HINT6] a subscription while Redis hangs returns soon, and reports when the room is subscribed',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { start } = createProcesses(t, redis.connector)
      const api = start('api')
      const hintsOfFirstRoom = await watchRoom(api, 'e0')
      await waitUntilReady(api)
      const slowClient = redis.connector.open({ commandTimeout: 2_000, maxRetriesPerRequest: null })
      slowClient.on('error', () => undefined)
      t.teardown(() => slowClient.disconnect())
      await slowClient.ping()
      redis.signal('SIGSTOP')
      t.teardown(() => redis.signal('SIGCONT'))
      const gaps = createInbox<true>()
      api.feed.onGap(() => gaps.push(true))
      const timeLimit = slowClient.ping().catch(() => 'the time limit')
      const subscribing = (async () => {
        for (const room of ['e1', 'e2', 'e3', 'e4']) await api.feed.subscribe(room)
        return 'returned'
      })()
      t.equal(
        await Promise.race([subscribing, timeLimit]),
        'returned',
        'each connection is waited for only once, and briefly',
      )
      await waitUntil(
        () => api.feed.findReplyText('nobody'),
        () => api.status() === 'down',
      )
      redis.signal('SIGCONT')
      await gaps.next()
      await waitUntilReady(api)
      api.bus.publish(createChange(createRow('e0', 1)))
      t.match(await hintsOfFirstRoom.next(), { type: 'change' })
    },
  )

  t.test('[HINT6] closing ends, even twice and without Redis', async () => {
    const redisAdapters = openRedisAdapters({
      connector: redisUnderTest.unreachable,
      namespace: 'n',
      installation: createInstallation(),
      nodeId: 'n',
      log: createRecordingLog(),
    })
    redisAdapters.feed.onRightsChanged(() => undefined)
    await redisAdapters.close()
    await redisAdapters.close()
  })
}
