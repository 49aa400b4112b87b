import { RedisOfAnotherInstallationError } from '@engineer-chat/adapters/redis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { createChange, createInstallation, createProcesses, createRow, waitUntil, watchRoom } from '../setup.ts'

const createStrangers = (t: Test, redisUnderTest: RedisUnderTest, namespace: string) =>
  createProcesses(t, redisUnderTest.servers, namespace)

export function proveTrust(t: Test, redisUnderTest: RedisUnderTest): void {
  proveForgeries(t, redisUnderTest)
  proveInstallation(t, redisUnderTest)
}

function proveForgeries(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test(
    '[TRUST1] what is not signed by this installation, for this room, is not shown, and one line says so',
    async (t) => {
      const { start, raw, log, namespace, signer } = createProcesses(t, redisUnderTest.servers)
      const node = start('node')
      const hints = await watchRoom(node, 'e1')
      const other = createStrangers(t, redisUnderTest, namespace).signer
      const [channel, elsewhere] = [`${namespace}:room:e1`, `${namespace}:room:e2`]
      const lie = JSON.stringify({ type: 'change', change: createChange(createRow('e1', 5, 'Alice says: all clear.')) })
      const signed = signer.sign(channel, lie)
      const delta = { message_id: 'm1', attempt: 1, event_id: 'e1', index: 0, text: 'a forged answer' }
      const look = raw()
      for (const text of [
        other.sign(channel, lie),
        signer.sign(elsewhere, lie),
        signed.replace('all clear', 'all lost!'),
        signed.replace(/"mac":"..../, '"mac":"AAAA'),
        other.sign(channel, JSON.stringify({ type: 'deltas', deltas: [delta] })),
        JSON.stringify({ type: 'deltas', deltas: [delta] }),
        JSON.stringify({ type: 'typing', user_id: 'alice' }),
        JSON.stringify({ type: 'presence', node_id: 'x', users: ['alice'] }),
        'nonsense',
        signer.sign(channel, JSON.stringify({ type: 'typing', user_id: 'bob' })),
      ]) {
        await look.publish(channel, text)
      }
      t.same(await hints.next(), { type: 'typing', user_id: 'bob' }, 'the first that it receives')
      t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.redis_forged').length, 1)
    },
  )

  t.test('[TRUST2] an unsigned change of an older node makes the room be read, and is not believed', async (t) => {
    const { start, raw, namespace } = createProcesses(t, redisUnderTest.servers)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    const look = raw()
    const change = createChange(createRow('e1', 5, 'a forged message'))
    await look.publish(`${namespace}:room:e1`, JSON.stringify({ type: 'change', change }))
    await look.publish(`${namespace}:room:e1`, JSON.stringify({ type: 'who', from: 'old' }))
    t.same(await hints.next(), { type: 'read_again' })
    t.same(await hints.next(), { type: 'who' }, 'an older node learns who is here')
  })

  t.test('[TRUST2] a node of an older version reads messages that this version signs', (t) => {
    const { signer } = createProcesses(t, redisUnderTest.servers)
    const change = createChange(createRow('e1', 5))
    const json = JSON.stringify({ type: 'change', change })
    const signed = signer.sign('place', json)
    t.match(JSON.parse(signed), { type: 'change', change })
    t.same(signer.open('place', signed), { trust: 'signed', json })
    t.end()
  })

  t.test('[TRUST3] a private row is not published; the node of a user who may see it reads it', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.servers)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    const secret = { ...createRow('e1', 6, 'WHISPER'), audience: 'alice' }
    node.bus.publish({ event_id: 'e1', first_seq: 5, seq: 6, rows: [createRow('e1', 5), secret] })
    t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 5, seq: 6 } })
    const shared = { ...createChange({ ...createRow('e1', 7), audience: 'people' }) }
    node.bus.publish(shared)
    t.same(await hints.next(), { type: 'change', change: shared })
  })

  t.test('[TRUST4] of a text in Redis nothing is read from its first forged piece on', async (t) => {
    const { start, raw, namespace } = createProcesses(t, redisUnderTest.servers)
    const [worker, node] = [start('worker'), start('node')]
    const hints = await watchRoom(node, 'e1')
    await waitUntil(
      async () => worker.status(),
      (status) => status === 'ready',
    )
    const reply = worker.live.open({ message_id: 'm1', attempt: 1 }, 'e1')
    for (const word of ['Block ', 'the ', 'host.']) {
      reply.append(word)
      await hints.next()
    }
    const read = () => node.feed.findReplyText('m1')
    const look = raw().client
    const [list, signatures] = [`${namespace}:live:{m1}:1`, `${namespace}:live:{m1}:1:mac`]
    t.same(await read(), { attempt: 1, next_index: 3, text: 'Block the host.' })
    await look.lset(list, 2, 'firewall, never.')
    t.same(await read(), { attempt: 1, next_index: 2, text: 'Block the ' })
    await look.lset(list, 1, 'Block ')
    await look.lset(signatures, 1, (await look.lindex(signatures, 0)) ?? '')
    t.same(await read(), { attempt: 1, next_index: 1, text: 'Block ' }, 'a signed piece at another place')
    await look.del(signatures)
    t.equal(await read(), undefined, 'of an older worker, or of a stranger')
    await look.rename(list, `${namespace}:live:{m1}:2`)
    await look.hset(`${namespace}:live:{m1}`, '2', '1')
    t.equal(await read(), undefined)
    reply.append(' Now.')
    await hints.next()
    await look.hdel(`${namespace}:live:{m1}`, '2')
    const whole = { attempt: 1, next_index: 4, text: 'Block the host. Now.' }
    t.same(await waitUntil(read, (text) => text?.next_index === 4), whole, 'the writer wrote it again')
  })
}

function proveInstallation(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[INSTALL1] a second installation on one Redis is refused with a message that says what to do', async (t) => {
    const first = createProcesses(t, redisUnderTest.servers)
    const one = first.start('one')
    await one.guard.confirm()
    await waitUntil(
      async () => one.guard.isOurs(),
      (isOurs) => isOurs,
    )
    const second = createStrangers(t, redisUnderTest, first.namespace)
    const two = second.start('two')
    await waitUntil(
      () =>
        two.guard.confirm().then(
          () => undefined,
          (error: unknown) => error,
        ),
      (error) => {
        if (error === undefined) return false
        t.ok(error instanceof RedisOfAnotherInstallationError)
        t.match(error, { message: new RegExp(`REDIS_NAMESPACE.*redis-cli DEL ${first.namespace}:installation`) })
        return true
      },
    )
    t.equal(two.status(), 'down')
    const hints = await watchRoom(one, 'e1')
    two.bus.publish(createChange(createRow('e1', 1)))
    t.equal(await two.counts.increment('k', 60_000), undefined, 'it does not use it')
    one.bus.publish(createChange(createRow('e1', 2)))
    t.match(await hints.next(), { change: { seq: 2 } }, 'the first that it receives')
    const again = first.start('again')
    await again.guard.confirm()
  })

  t.test('[INSTALL4] Redis counts as down from a lost connection until its next answer', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, raw, log, namespace } = createProcesses(t, redis.servers)
    const { guard } = start('node')
    const states: boolean[] = []
    guard.onChange(() => states.push(guard.isOurs()))
    const waitUntilOurs = (expected: boolean) =>
      waitUntil(
        async () => guard.isOurs(),
        (isOurs) => isOurs === expected,
      )
    await waitUntilOurs(true)
    await redis.stop()
    await waitUntilOurs(false)
    t.same(states, [true, false], 'the listeners are told')
    await redis.start()
    await waitUntilOurs(true)
    t.notMatch(log.lines, [{ event: 'EngineerChat.redis_ours' }], 'it was never another’s')
    const key = `${namespace}:installation`
    await raw().client.set(key, createInstallation().installation_id)
    await waitUntil(
      async () => log.lines.filter(({ event }) => event === 'EngineerChat.redis_foreign').length,
      (count) => count === 1,
    )
    t.equal(guard.isOurs(), false)
  })

  t.test('[INSTALL5] an owner that cannot be read is logged once, with the code of the refusal', async (t) => {
    const { start, raw, log, namespace } = createProcesses(t, redisUnderTest.servers)
    const look = raw().client
    const key = `${namespace}:installation`
    await look.lpush(key, 'a list, so that GET is refused')
    const { guard } = start('node')
    const countLogged = (event: string) =>
      waitUntil(
        async () => log.lines.filter((line) => line.event === event),
        (lines) => lines.length > 0,
      )
    t.match(await countLogged('EngineerChat.redis_owner_unknown'), [{ level: 'error' }])
    t.ok(log.reasons.includes('WRONGTYPE'))
    t.equal(guard.isOurs(), false)
    await look.del(key)
    await countLogged('EngineerChat.redis_owner_known')
    t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.redis_owner_unknown').length, 1)
  })

  t.test('[INSTALL2] after a flush the id is written again', async (t) => {
    const { start, raw, log, namespace, installation } = createProcesses(t, redisUnderTest.servers)
    const node = start('node')
    await waitUntil(
      async () => node.guard.isOurs(),
      (isOurs) => isOurs,
    )
    const look = raw().client
    const key = `${namespace}:installation`
    t.equal(await look.get(key), installation.installation_id)
    t.equal(await look.ttl(key), -1)
    await look.del(key)
    await waitUntil(
      () => look.get(key),
      (id) => id === installation.installation_id,
    )
    t.equal(node.status(), 'ready')
    t.notMatch(log.lines, [{ event: 'EngineerChat.redis_foreign' }])
  })

  t.test(
    '[INSTALL2] a stranger’s claim after a flush is told, and Redis counts as away until it is undone',
    async (t) => {
      const { start, raw, log, namespace } = createProcesses(t, redisUnderTest.servers)
      const node = start('node')
      const becomes = (status: 'ready' | 'down') =>
        waitUntil(
          async () => node.status(),
          (now) => now === status,
        )
      await becomes('ready')
      const look = raw().client
      await look.set(`${namespace}:installation`, createInstallation().installation_id)
      await becomes('down')
      t.match(log.lines.at(-1), { level: 'error', event: 'EngineerChat.redis_foreign' })
      t.equal(await node.counts.increment('k', 60_000), undefined)
      await look.del(`${namespace}:installation`)
      await becomes('ready')
      t.match(log.lines.at(-1), { level: 'info', event: 'EngineerChat.redis_ours' })
      t.match(await node.counts.increment('k', 60_000), { used: 1 })
    },
  )
}
