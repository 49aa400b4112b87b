import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisDeployment } from '@engineer-chat/local-stack'
import type { Test } from 'tap'
import { type RedisUnderTest, waitUntilSteady } from '../redis-under-test.ts'
import { createChange, createInbox, createProcesses, createRow, waitUntil, watchRoom } from '../setup.ts'

const ROOMS = Array.from({ length: 9 }, (_, index) => `e${index}`)

/** These tests need Sentinels or a cluster, where another server takes over. */
export function proveTakeover(t: Test, redisUnderTest: RedisUnderTest, set: RedisDeployment): void {
  for (const failure of ['hangs', 'is killed'] as const) {
    t.test(
      `[HINT9] a primary ${failure}, a replica takes over: every room is subscribed again, and the gap is reported`,
      async (t) => {
        const { api, node, publishUntilReceived } = await subscribeRooms(t, redisUnderTest)
        const gaps = createInbox<true>()
        node.feed.onGap(() => gaps.push(true))
        const [primary] = await set.listPrimaries()
        if (!primary) throw new Error('no primary')
        if (failure === 'hangs') process.kill(primary.pid, 'SIGSTOP')
        else await primary.kill()
        t.teardown(async () => {
          if (failure === 'is killed') await primary.restart()
          else process.kill(primary.pid, 'SIGCONT')
          await waitUntilSteady(set) // Another replica must be ready to take over next.
        })
        await gaps.next()
        await publishUntilReceived(2)
        const reply = api.replyStreams.open({ message_id: 'm1', attempt: 1 }, 'e1')
        reply.append('Contain')
        reply.end()
        t.match(
          await waitUntil(
            () => node.feed.findReplyText('m1'),
            (text) => text !== undefined,
          ),
          { text: 'Contain' },
        )
      },
    )
  }
}

export function proveMigration(t: Test, redisUnderTest: RedisUnderTest, set: RedisDeployment): void {
  t.test(
    '[HINT10] hash slots move to another node: their rooms are subscribed there, and the gap is reported',
    async (t) => {
      const { node, publishUntilReceived } = await subscribeRooms(t, redisUnderTest)
      const gaps = createInbox<true>()
      node.feed.onGap(() => gaps.push(true))
      for (const nth of [0, 1, 2]) {
        t.ok((await set.moveHashSlots(nth)) > 0)
        await gaps.next()
        await publishUntilReceived(nth + 2)
      }
    },
  )
}

async function subscribeRooms(t: Test, { connector }: RedisUnderTest) {
  const { start } = createProcesses(t, connector)
  const [api, node] = [start('api'), start('node')]
  const rooms = await Promise.all(ROOMS.map((room) => watchRoom(node, room)))
  /**
   * Publishes a change in each room, repeatedly until it arrives, because a hint that is sent before the room is
   * subscribed again is lost.
   */
  const publishUntilReceived = async (seq: number): Promise<void> => {
    for (const [index, room] of ROOMS.entries()) {
      const arrived = rooms[index]?.next((hint) => hint.type === 'change' && hint.change.seq === seq)
      await repeatUntil(arrived, () => api.bus.publish(createChange(createRow(room, seq))))
    }
  }
  await publishUntilReceived(1)
  return { api, node, publishUntilReceived }
}

async function repeatUntil(finished: Promise<unknown> | undefined, runAgain: () => void): Promise<void> {
  let isFinished = false
  void finished?.then(() => {
    isFinished = true
  })
  while (!isFinished) {
    runAgain()
    await Promise.race([finished, sleep(50)])
  }
}
