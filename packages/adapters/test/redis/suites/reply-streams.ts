import type { RedisConnector } from '@engineer-chat/adapters/redis'
import type { Test } from 'tap'
import type { RedisUnderTest } from '../redis-under-test.ts'
import { createChange, createProcesses, createRow, waitUntil, watchRoom } from '../setup.ts'

const ref = { message_id: 'm1', attempt: 1 }

async function startWorkerAndNode(t: Test, connector: RedisConnector) {
  const processes = createProcesses(t, connector)
  const [worker, node] = [processes.start('worker'), processes.start('node')]
  const hints = await watchRoom(node, 'e1')
  await waitUntil(
    () => worker.feed.findReplyText('nobody'),
    () => worker.status() === 'ready',
  )
  return { ...processes, worker, node, hints }
}

export function proveReplyStreams(t: Test, redisUnderTest: RedisUnderTest): void {
  t.test('[HINT7] texts that replies write within 50 ms are sent in one message per room', async (t) => {
    const { worker, hints } = await startWorkerAndNode(t, redisUnderTest.connector)
    const firstReply = worker.replyStreams.open(ref, 'e1')
    const secondReply = worker.replyStreams.open({ message_id: 'm2', attempt: 3 }, 'e1')
    firstReply.append('Con')
    secondReply.append('Iso')
    firstReply.append('tain')
    t.same(await hints.next(), {
      type: 'deltas',
      deltas: [
        { ...ref, event_id: 'e1', index: 0, text: 'Contain' },
        { message_id: 'm2', attempt: 3, event_id: 'e1', index: 0, text: 'Iso' },
      ],
    })
    firstReply.append(' it')
    firstReply.end()
    worker.bus.publish(createChange(createRow('e1', 1)))
    t.same(await hints.next(), { type: 'deltas', deltas: [{ ...ref, event_id: 'e1', index: 1, text: ' it' }] })
    t.match(await hints.next(), { type: 'change' }, 'the remaining text is sent before the change')
  })

  t.test('[HINT7] a character that comes in two halves is published in one delta', async (t) => {
    const { worker, node, hints } = await startWorkerAndNode(t, redisUnderTest.connector)
    const reply = worker.replyStreams.open(ref, 'e1')
    reply.append('a\ud83d')
    const delta = { ...ref, event_id: 'e1' }
    t.same(await hints.next(), { type: 'deltas', deltas: [{ ...delta, index: 0, text: 'a' }] })
    reply.append('\ude00b')
    t.same(await hints.next(), { type: 'deltas', deltas: [{ ...delta, index: 1, text: '😀b' }] })
    t.same(await node.feed.findReplyText('m1'), { attempt: 1, next_index: 2, text: 'a😀b' })
  })

  t.test('[HINT8] any node can read what the highest attempt has written, for a limited time', async (t) => {
    const { worker, node, hints, openRaw, namespace } = await startWorkerAndNode(t, redisUnderTest.connector)
    t.equal(await node.feed.findReplyText('m1'), undefined)
    const firstAttempt = worker.replyStreams.open(ref, 'e1')
    firstAttempt.append('old')
    await hints.next()
    const secondAttempt = worker.replyStreams.open({ ...ref, attempt: 2 }, 'e1')
    secondAttempt.append('new')
    await hints.next()
    secondAttempt.append('er')
    await hints.next()
    firstAttempt.append('straggler')
    await hints.next()
    t.same(await node.feed.findReplyText('m1'), { attempt: 2, next_index: 2, text: 'newer' })
    const probe = openRaw()
    const keys = await probe.listKeys(`${namespace}:*`)
    const textKeys = keys.filter((key) => key !== `${namespace}:installation`)
    t.equal(textKeys.length, 5, 'the deltas and the signatures of each attempt, and the list of attempts')
    for (const key of textKeys) t.ok((await probe.client.ttl(key)) > 500, `${key} expires`)
    const expiresSoon = async (key: string) => (await probe.client.ttl(key)) <= 60
    const waitUntilTheyExpireSoon = (suffixes: string[]) =>
      waitUntil(
        () => Promise.all(suffixes.map((suffix) => expiresSoon(`${namespace}:live:{m1}${suffix}`))),
        (areExpiring) => areExpiring.every(Boolean),
      )
    firstAttempt.end()
    await waitUntilTheyExpireSoon([':1', ':1:mac'])
    t.notOk(await expiresSoon(`${namespace}:live:{m1}`), 'the later attempt can still be found')
    secondAttempt.end()
    await waitUntilTheyExpireSoon([':2', ':2:mac', ''])
  })

  t.test(
    '[HINT8] if Redis loses a text while it is written, it is written again, and no part is returned as the whole text',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { worker, node, hints, openRaw, namespace } = await startWorkerAndNode(t, redis.connector)
      const reply = worker.replyStreams.open(ref, 'e1')
      reply.append('one ')
      await hints.next()
      reply.append('two ')
      await hints.next()
      const { client, listKeys } = openRaw()
      const deleteKeys = async () => {
        // Unlike FLUSHALL, this leaves the keys of other tests.
        for (const key of await listKeys(`${namespace}:*`)) await client.del(key)
      }
      await deleteKeys()
      t.equal(await node.feed.findReplyText('m1'), undefined)
      reply.append('three ')
      await hints.next()
      const wholeText = { attempt: 1, next_index: 3, text: 'one two three ' }
      t.same(
        await waitUntil(
          () => node.feed.findReplyText('m1'),
          (text) => text !== undefined,
        ),
        wholeText,
      )
      t.ok((await client.ttl(`${namespace}:live:{m1}:1`)) > 500)
    },
  )

  t.test(
    '[HINT8] while many replies are written, a text that Redis lost is written again, and the other texts stay',
    async (t) => {
      const redis = await redisUnderTest.startBreakable(t)
      const { worker, node, openRaw, namespace } = await startWorkerAndNode(t, redis.connector)
      // One script appends at most 200 deltas, so one server needs three scripts for these.
      const messageIds = Array.from({ length: 450 }, (_, index) => `m${index}`)
      const replies = messageIds.map((message_id) => worker.replyStreams.open({ message_id, attempt: 1 }, 'e1'))
      const waitForText = (id: string, deltas: number) =>
        waitUntil(
          () => node.feed.findReplyText(id),
          (replyText) => replyText?.next_index === deltas,
        )
      const appendToAll = (text: string) => {
        for (const [index, reply] of replies.entries()) reply.append(`${index} ${text}. `)
      }
      appendToAll('one')
      for (const id of messageIds) await waitForText(id, 1)
      appendToAll('two')
      for (const id of messageIds) await waitForText(id, 2)
      const { client } = openRaw()
      const createListKey = (id: string) => `${namespace}:live:{${id}}:1`
      await client.del(createListKey('m7'))
      await client.expire(createListKey('m8'), 300)
      await client.del(createListKey('m449'))
      await client.set(createListKey('m449'), 'no list')
      appendToAll('three')
      for (const [index, id] of messageIds.entries()) {
        const text = `${index} one. ${index} two. ${index} three. `
        t.same(await waitForText(id, 3), { attempt: 1, next_index: 3, text })
      }
      t.ok((await client.ttl(createListKey('m8'))) <= 300, 'a text that was not lost is not written again')
    },
  )
}
