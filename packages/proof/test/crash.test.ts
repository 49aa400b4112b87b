import { openEvent, openRoom, type Room, until } from '@engineer-chat/proof'
import type { Message, Sent } from '@engineer-chat/protocol'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'

t.test('the product, broken on purpose', async (t) => {
  const room = await openRoom({ apis: 2, workers: 1, env: { WORKER_CONCURRENCY: '2' } })
  t.teardown(() => room.stop())
  const { alice, model, product } = room

  t.test('[CRASH1] a worker killed in mid-answer: another begins it anew, and it is answered once', async (t) => {
    const event_id = await openEvent(room.at(0), alice)
    const follower = await alice.follow(room.at(1), event_id)
    const held = model.hold('killed-worker')
    const sent = (await alice.ask(room.at(0), event_id, 'killed-worker')).body
    const reply = sent.ai_message.message_id
    await held.reached
    await follower.until('a delta', (frame) => frame.type === 'delta' && frame.message_id === reply)
    await product.workers.pop()?.kill()
    await product.startWorker()
    const final = await follower.finalRow(reply)
    t.match(final.message.message_content, { content: /^Answer to: .*killed-worker/, finish_reason: 'stop' })
    const attempts = follower.deltas(reply).map((frame) => frame.attempt)
    t.same(
      attempts,
      attempts.toSorted((a, b) => a - b),
      'attempts only rise',
    )
    const last = follower.deltas(reply).find((frame) => frame.attempt === attempts.at(-1))
    t.equal(last?.index, 0, 'and the last one begins at 0')
    held.release()
    await onceEach(t, room, event_id, [sent])
  })

  t.test('[CRASH2] an API node killed between commit and enqueue: the sweep asks', async (t) => {
    const event_id = await openEvent(room.at(0), alice)
    const doomed = await product.startApi()
    process.kill(product.redis.pid, 'SIGSTOP')
    const sent = await alice.ask(doomed.url, event_id, 'between commit and enqueue')
    t.equal(sent.status, 200, 'accepted, with Redis silent')
    await product.apis.pop()?.kill()
    process.kill(product.redis.pid, 'SIGCONT')
    await onceEach(t, room, event_id, [sent.body])
  })

  t.test('[CRASH3] FLUSHALL with replies waiting and in flight', async (t) => {
    const events = await Promise.all(Array.from({ length: 6 }, () => openEvent(room.at(0), alice)))
    const holds = [model.hold('flush-0'), model.hold('flush-1')]
    const first = await Promise.all([0, 1].map((i) => alice.ask(room.at(0), events[i] ?? '', `flush-${i}`)))
    await Promise.all(holds.map((held) => held.reached))
    const rest = await Promise.all([2, 3, 4, 5].map((i) => alice.ask(room.at(1), events[i] ?? '', `flush-${i}`)))
    const redis = new Redis(product.redis.url)
    await redis.flushall()
    redis.disconnect()
    for (const held of holds) held.release()
    for (const [i, answer] of [...first, ...rest].entries()) await onceEach(t, room, events[i] ?? '', [answer.body])
  })

  t.test('[CRASH4] Redis down while asking: accepted at once, answered when it is back', async (t) => {
    const event_id = await openEvent(room.at(0), alice)
    const follower = await alice.follow(room.at(1), event_id)
    await product.redis.kill()
    const sent = await alice.ask(room.at(0), event_id, 'without Redis')
    t.equal(sent.status, 200)
    await follower.until(
      'the question, found by comparison',
      (frame) => frame.type === 'message' && frame.message.message_id === sent.body.user_message.message_id,
    )
    const health = await alice.call(room.at(0), 'GET', '/readyz')
    t.equal(health.status, 200, 'degraded, not dead')
    await product.redis.restart()
    await follower.finalRow(sent.body.ai_message.message_id)
    await onceEach(t, room, event_id, [sent.body])
  })

  t.test(
    '[CRASH5] MySQL killed and restarted: 503 meanwhile, nothing accepted is lost, a repeated send is stored once',
    async (t) => {
      const event_id = await openEvent(room.at(0), alice)
      const held = model.hold('before-the-crash')
      const before = (await alice.ask(room.at(0), event_id, 'before-the-crash')).body
      await held.reached
      await product.mysql.kill()
      held.release()
      const key = { client_message_id: 'during-the-crash' }
      const refused = await alice.ask(room.at(0), event_id, 'during', key)
      t.match(refused, { status: 503, body: { code: 'unavailable' } })
      t.notMatch(refused.text, /ECONN|mysql|127\.0\.0\.1/i)
      await product.mysql.restart()
      const accepted = await until('a repeated send is accepted', async () => {
        const answer = await alice.ask(room.at(0), event_id, 'during', key)
        return answer.status === 200 && answer.body
      })
      const repeated = await alice.ask(room.at(1), event_id, 'during', key)
      t.equal(repeated.body.user_message.message_id, accepted.user_message.message_id)
      await onceEach(t, room, event_id, [before, accepted])
    },
  )

  t.test('[CRASH6] SIGTERM under load: no request fails, sockets are told, no reply is lost', async (t) => {
    const event_id = await openEvent(room.at(0), alice)
    const leaving = await product.startApi()
    const follower = await alice.follow(leaving.url, event_id)
    const held = model.hold('load-0')
    const accepted: Sent[] = []
    const refusals: unknown[] = []
    const ask = async (i: number) => {
      const own = await openEvent(room.at(0), alice)
      const answer = await alice.ask(leaving.url, own, `load-${i}`).catch((error) => ({ error }))
      if ('error' in answer) refusals.push(answer.error)
      else if (answer.status === 200) accepted.push(answer.body)
      else t.fail(`a request failed with ${answer.status}`)
    }
    await ask(0)
    await held.reached
    const load = Array.from({ length: 30 }, (_, i) => ask(i + 1))
    await Promise.race(load)
    product.apis.pop()
    const stopping = leaving.kill('SIGTERM')
    const [worker] = product.workers.splice(0, 1)
    const replaced = product.startWorker()
    const workerStopped = worker?.kill('SIGTERM')
    await Promise.all([...load, stopping, replaced])
    // Both are `connect`'s: what waits in the backlog when the door closes is reset, before a byte of a request was read.
    for (const error of refusals)
      t.match(String((error as Error).cause), /connect ECONN(REFUSED|RESET)/, 'at the door, never in the middle')
    t.ok(follower.frames.some((frame) => frame.type === 'goaway'))
    t.equal(follower.closed, 1012)
    t.equal(await leaving.exited, 0)
    held.release()
    await workerStopped
    t.equal(await worker?.exited, 0)
    for (const sent of accepted) await onceEach(t, room, sent.user_message.event_id, [sent])
    t.ok(accepted.length > 0)
  })
})

/** Each question has exactly one reply row, an answer, in MySQL's own words. */
async function onceEach(t: Test, room: Room, event_id: string, asked: Sent[]): Promise<void> {
  for (const sent of asked) {
    const reply = await room.alice.answerTo(room.at(0), sent)
    t.match(reply, { message_type: 'chat', message_content: { finish_reason: 'stop' } })
  }
  const page = await room.alice.call<{ messages: Message[] }>(
    room.at(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  for (const sent of asked) {
    const replies = page.body.messages.filter((message) => message.reply_to === sent.user_message.message_id)
    t.equal(replies.length, 1, 'one reply')
    t.equal(
      page.body.messages.filter((message) => message.message_id === sent.user_message.message_id).length,
      1,
      'one question',
    )
  }
}
