import { RedisOfAnotherInstallationError } from '@engineer-chat/adapters/redis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { createChange, createInstallation, createProcesses, createRow, waitUntil, watchRoom } from '../setup.ts'

const createOtherInstallation = (t: Test, redisUnderTest: RedisUnderTest, namespace: string) =>
  createProcesses(t, redisUnderTest.connector, namespace)

export function proveTrust(t: Test, redisUnderTest: RedisUnderTest): void {
  proveForgeries(t, redisUnderTest)
  proveInstallation(t, redisUnderTest)
}

function proveForgeries(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test(
    '[TRUST1] a message that this installation did not sign for this room is not shown, and one line is logged',
    async (t) => {
      const { start, openRaw, log, namespace, signer } = createProcesses(t, redisUnderTest.connector)
      const node = start('node')
      const hints = await watchRoom(node, 'e1')
      const otherSigner = createOtherInstallation(t, redisUnderTest, namespace).signer
      const [channel, otherChannel] = [`${namespace}:room:e1`, `${namespace}:room:e2`]
      const forgedChange = JSON.stringify({
        type: 'change',
        change: createChange(createRow('e1', 5, 'Alice says: all clear.')),
      })
      const signed = signer.sign(channel, forgedChange)
      const delta = { message_id: 'm1', attempt: 1, event_id: 'e1', index: 0, text: 'a forged answer' }
      const probe = openRaw()
      for (const text of [
        otherSigner.sign(channel, forgedChange), // This is the signature of another installation.
        signer.sign(otherChannel, forgedChange), // This signature is for another room.
        signed.replace('all clear', 'all lost!'), // The text was changed after it was signed.
        signed.replace(/"mac":"..../, '"mac":"AAAA'),
        otherSigner.sign(channel, JSON.stringify({ type: 'deltas', deltas: [delta] })),
        JSON.stringify({ type: 'deltas', deltas: [delta] }),
        JSON.stringify({ type: 'typing', user_id: 'alice' }),
        JSON.stringify({ type: 'presence', node_id: 'x', users: ['alice'] }),
        'nonsense',
        signer.sign(channel, JSON.stringify({ type: 'typing', user_id: 'bob' })),
      ]) {
        await probe.publish(channel, text)
      }
      t.same(await hints.next(), { type: 'typing', user_id: 'bob' }, 'the first hint that the node passes on')
      t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.redis_forged').length, 1)
    },
  )

  t.test(
    '[TRUST2] an unsigned change of an older node makes the node read the room, and its content is not used',
    async (t) => {
      const { start, openRaw, namespace } = createProcesses(t, redisUnderTest.connector)
      const node = start('node')
      const hints = await watchRoom(node, 'e1')
      const probe = openRaw()
      const change = createChange(createRow('e1', 5, 'a forged message'))
      await probe.publish(`${namespace}:room:e1`, JSON.stringify({ type: 'change', change }))
      await probe.publish(`${namespace}:room:e1`, JSON.stringify({ type: 'who', from: 'old' }))
      t.same(await hints.next(), { type: 'read_again' })
      t.same(await hints.next(), { type: 'who' }, 'an older node may still ask which users are present')
    },
  )

  t.test('[TRUST2] a node of an older version reads messages that this version signs', (t) => {
    const { signer } = createProcesses(t, redisUnderTest.connector)
    const change = createChange(createRow('e1', 5))
    const json = JSON.stringify({ type: 'change', change })
    const signed = signer.sign('channel', json)
    t.match(JSON.parse(signed), { type: 'change', change })
    t.same(signer.verify('channel', signed), { trust: 'signed', json })
    t.end()
  })

  t.test('[TRUST3] a private row is not published; the node of a user who may see it reads it', async (t) => {
    const { start } = createProcesses(t, redisUnderTest.connector)
    const node = start('node')
    const hints = await watchRoom(node, 'e1')
    const privateRow = { ...createRow('e1', 6, 'WHISPER'), audience: 'alice' }
    node.bus.publish({ event_id: 'e1', first_seq: 5, seq: 6, rows: [createRow('e1', 5), privateRow] })
    t.same(await hints.next(), { type: 'change', change: { event_id: 'e1', first_seq: 5, seq: 6 } })
    const sharedChange = createChange({ ...createRow('e1', 7), audience: 'people' })
    node.bus.publish(sharedChange)
    t.same(await hints.next(), { type: 'change', change: sharedChange })
  })

  t.test('[TRUST4] a text in Redis is read only up to its first forged delta', async (t) => {
    const { start, openRaw, namespace } = createProcesses(t, redisUnderTest.connector)
    const [worker, node] = [start('worker'), start('node')]
    const hints = await watchRoom(node, 'e1')
    await waitUntil(
      async () => worker.status(),
      (status) => status === 'ready',
    )
    const reply = worker.replyStreams.open({ message_id: 'm1', attempt: 1 }, 'e1')
    for (const word of ['Block ', 'the ', 'host.']) {
      reply.append(word)
      await hints.next()
    }
    const readText = () => node.feed.findReplyText('m1')
    const probe = openRaw().client
    const [list, signatures] = [`${namespace}:live:{m1}:1`, `${namespace}:live:{m1}:1:mac`]
    t.same(await readText(), { attempt: 1, next_index: 3, text: 'Block the host.' })
    await probe.lset(list, 2, 'firewall, never.')
    t.same(await readText(), { attempt: 1, next_index: 2, text: 'Block the ' })
    await probe.lset(list, 1, 'Block ')
    await probe.lset(signatures, 1, (await probe.lindex(signatures, 0)) ?? '')
    t.same(await readText(), { attempt: 1, next_index: 1, text: 'Block ' }, 'a signed delta at another index')
    await probe.del(signatures)
    t.equal(await readText(), undefined, 'without signatures nothing is read')
    await probe.rename(list, `${namespace}:live:{m1}:2`)
    const attempts = `${namespace}:live:{m1}`
    const [newerAttempt, anyValue] = ['2', '1'] // Readers use only the names of the fields.
    await probe.hset(attempts, newerAttempt, anyValue)
    t.equal(await readText(), undefined, 'deltas that were moved to another attempt are not read')
    reply.append(' Now.')
    await hints.next()
    await probe.hdel(attempts, newerAttempt)
    const wholeText = { attempt: 1, next_index: 4, text: 'Block the host. Now.' }
    t.same(
      await waitUntil(readText, (text) => text?.next_index === 4),
      wholeText,
      'the worker has written and signed the whole text again',
    )
  })
}

function proveInstallation(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[INSTALL1] a second installation on one Redis is refused with a message that says what to do', async (t) => {
    const first = createProcesses(t, redisUnderTest.connector)
    const firstNode = first.start('one')
    await firstNode.ownership.throwIfForeign()
    await waitUntil(
      async () => firstNode.ownership.isOurs(),
      (isOurs) => isOurs,
    )
    const second = createOtherInstallation(t, redisUnderTest, first.namespace)
    const secondNode = second.start('two')
    await waitUntil(
      () =>
        secondNode.ownership.throwIfForeign().then(
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
    t.equal(secondNode.status(), 'down')
    const hints = await watchRoom(firstNode, 'e1')
    secondNode.bus.publish(createChange(createRow('e1', 1)))
    t.equal(
      await secondNode.rateCounters.increment('k', 60_000),
      undefined,
      'the second installation does not use this Redis',
    )
    firstNode.bus.publish(createChange(createRow('e1', 2)))
    t.match(await hints.next(), { change: { seq: 2 } }, 'the first hint that the first node receives')
    const thirdNode = first.start('again') // A further node of the first installation is accepted.
    await thirdNode.ownership.throwIfForeign()
  })

  t.test('[INSTALL4] Redis counts as down from a lost connection until its next answer', async (t) => {
    const redis = await redisUnderTest.startBreakable(t)
    const { start, openRaw, log, namespace } = createProcesses(t, redis.connector)
    const { ownership } = start('node')
    const reportedOwnership: boolean[] = []
    ownership.onChange(() => reportedOwnership.push(ownership.isOurs()))
    const waitUntilOurs = (expected: boolean) =>
      waitUntil(
        async () => ownership.isOurs(),
        (isOurs) => isOurs === expected,
      )
    await waitUntilOurs(true)
    await redis.stop()
    await waitUntilOurs(false)
    t.same(reportedOwnership, [true, false], 'the listeners are called')
    await redis.start()
    await waitUntilOurs(true)
    t.notOk(
      log.lines.some(({ event }) => event === 'EngineerChat.redis_ours'),
      'Redis never belonged to another installation',
    )
    const key = `${namespace}:installation`
    await openRaw().client.set(key, createInstallation().installation_id)
    await waitUntil(
      async () => log.lines.filter(({ event }) => event === 'EngineerChat.redis_foreign').length,
      (count) => count === 1,
    )
    t.equal(ownership.isOurs(), false)
  })

  t.test('[INSTALL5] an owner that cannot be read is logged once, with the code of the refusal', async (t) => {
    const { start, openRaw, log, namespace } = createProcesses(t, redisUnderTest.connector)
    const probe = openRaw().client
    const key = `${namespace}:installation`
    await probe.lpush(key, 'a list, so that GET is refused')
    const { ownership } = start('node')
    const waitUntilLogged = (event: string) =>
      waitUntil(
        async () => log.lines.filter((line) => line.event === event),
        (lines) => lines.length > 0,
      )
    t.match(await waitUntilLogged('EngineerChat.redis_owner_unknown'), [{ level: 'error' }])
    t.ok(log.reasons.includes('WRONGTYPE'))
    t.equal(ownership.isOurs(), false)
    await probe.del(key)
    await waitUntilLogged('EngineerChat.redis_owner_known')
    t.equal(log.lines.filter(({ event }) => event === 'EngineerChat.redis_owner_unknown').length, 1)
  })

  t.test('[INSTALL2] after a flush the id is written again', async (t) => {
    const { start, openRaw, log, namespace, installation } = createProcesses(t, redisUnderTest.connector)
    const node = start('node')
    await waitUntil(
      async () => node.ownership.isOurs(),
      (isOurs) => isOurs,
    )
    const probe = openRaw().client
    const key = `${namespace}:installation`
    t.equal(await probe.get(key), installation.installation_id)
    t.equal(await probe.ttl(key), -1)
    await probe.del(key)
    await waitUntil(
      () => probe.get(key),
      (id) => id === installation.installation_id,
    )
    t.equal(node.status(), 'ready')
    t.notOk(log.lines.some(({ event }) => event === 'EngineerChat.redis_foreign'))
  })

  t.test(
    '[INSTALL2] a claim of another installation after a flush is reported, and Redis counts as down until the claim is removed',
    async (t) => {
      const { start, openRaw, log, namespace } = createProcesses(t, redisUnderTest.connector)
      const node = start('node')
      const waitUntilStatus = (status: 'ready' | 'down') =>
        waitUntil(
          async () => node.status(),
          (current) => current === status,
        )
      await waitUntilStatus('ready')
      const probe = openRaw().client
      await probe.set(`${namespace}:installation`, createInstallation().installation_id)
      await waitUntilStatus('down')
      t.match(log.lines.at(-1), { level: 'error', event: 'EngineerChat.redis_foreign' })
      t.equal(await node.rateCounters.increment('k', 60_000), undefined)
      await probe.del(`${namespace}:installation`)
      await waitUntilStatus('ready')
      t.match(log.lines.at(-1), { level: 'info', event: 'EngineerChat.redis_ours' })
      // On a busy machine a call may exceed the counter's time limit.
      const counted = await waitUntil(
        () => node.rateCounters.increment('k', 60_000),
        (result) => result !== undefined,
      )
      t.ok(counted && counted.used >= 1)
    },
  )
}
