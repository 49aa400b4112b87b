import { createEventAs, type Fixture, startFixture, waitUntil } from '@engineer-chat/proof'
import type { Message, SendResult } from '@engineer-chat/protocol'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'

const MAX_ANSWER_MS = 5_000
/** Once its last answer has ended, a stopping worker closes its connections within this time. */
const MAX_STOP_MS = 10_000

t.test('the product while its processes and servers are killed', async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 1, env: { WORKER_CONCURRENCY: '2' } })
  t.teardown(() => fixture.stop())
  const { alice, model, product } = fixture

  t.test('[CRASH1] when a worker is killed during an answer, another worker gives the only answer', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const follower = await alice.follow(fixture.getApiUrl(1), event_id)
    const paused = model.pauseAfterFirstDelta('killed-worker')
    const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, 'killed-worker')).body
    const reply_id = sendResult.ai_message.message_id
    await paused.started
    await follower.waitForFrame('a delta', (frame) => frame.type === 'delta' && frame.message_id === reply_id)
    await product.workers.pop()?.kill()
    await product.startWorker()
    const final = await follower.waitForFinalRow(reply_id)
    t.match(final.message.message_content, { content: /^Answer to: .*killed-worker/, finish_reason: 'stop' })
    const attempts = follower.listDeltas(reply_id).map((frame) => frame.attempt)
    t.same(
      attempts,
      attempts.toSorted((a, b) => a - b),
      'attempt numbers never decrease',
    )
    const firstDeltaOfLastAttempt = follower.listDeltas(reply_id).find((frame) => frame.attempt === attempts.at(-1))
    t.equal(firstDeltaOfLastAttempt?.index, 0, 'the last attempt begins with piece 0')
    paused.resume()
    await proveOneReplyEach(t, fixture, event_id, [sendResult])
  })

  t.test('[CRASH2] when an API node is killed between commit and enqueue, the sweep enqueues the reply', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const killedNode = await product.startApi()
    process.kill(product.redis.pid, 'SIGSTOP')
    const sendResponse = await alice.ask(killedNode.url, event_id, 'between commit and enqueue')
    t.equal(sendResponse.status, 200, 'accepted while Redis does not answer')
    await product.apis.pop()?.kill()
    process.kill(product.redis.pid, 'SIGCONT')
    await proveOneReplyEach(t, fixture, event_id, [sendResponse.body])
  })

  t.test('[CRASH3] after FLUSHALL, waiting replies and replies in flight are finished', async (t) => {
    const eventIds = await Promise.all(Array.from({ length: 6 }, () => createEventAs(fixture.getApiUrl(0), alice)))
    const pausedAnswers = [model.pauseAfterFirstDelta('flush-0'), model.pauseAfterFirstDelta('flush-1')]
    const ask = (nodeIndex: number, index: number) =>
      alice.ask(fixture.getApiUrl(nodeIndex), eventIds[index] ?? '', `flush-${index}`)
    const inFlight = await Promise.all([0, 1].map((index) => ask(0, index)))
    await Promise.all(pausedAnswers.map((paused) => paused.started))
    // The only worker answers two replies at the same time (`WORKER_CONCURRENCY`), so these replies wait.
    const waiting = await Promise.all([2, 3, 4, 5].map((index) => ask(1, index)))
    const redis = new Redis(product.redis.url)
    await redis.flushall()
    redis.disconnect()
    for (const paused of pausedAnswers) paused.resume()
    for (const [index, response] of [...inFlight, ...waiting].entries())
      await proveOneReplyEach(t, fixture, eventIds[index] ?? '', [response.body])
  })

  for (const outage of ['stopped', 'hanging'] as const) {
    t.test(`[CRASH4] while Redis is ${outage}, a question is accepted, and is answered once within 5 s`, async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const follower = await alice.follow(fixture.getApiUrl(1), event_id)
      const { redis } = product
      if (outage === 'stopped') await redis.kill()
      else process.kill(redis.pid, 'SIGSTOP')
      const askedAtMs = performance.now()
      const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, `while Redis is ${outage}`)
      t.equal(sendResponse.status, 200)
      await follower.waitForFinalRow(sendResponse.body.ai_message.message_id)
      const elapsedMs = performance.now() - askedAtMs
      t.comment(`answered after ${elapsedMs.toFixed(0)} ms`)
      t.ok(elapsedMs < MAX_ANSWER_MS, `${elapsedMs} ms`)
      const health = await alice.call(fixture.getApiUrl(0), 'GET', '/readyz')
      t.equal(health.status, 200, 'the node still takes requests')
      if (outage === 'stopped') await redis.restart()
      else process.kill(redis.pid, 'SIGCONT')
      await proveOneReplyEach(t, fixture, event_id, [sendResponse.body])
      const next = await alice.ask(fixture.getApiUrl(0), event_id, `after Redis was ${outage}`)
      await follower.waitForFinalRow(next.body.ai_message.message_id)
      const calls = model.calls.filter(({ question }) => question.includes(`while Redis is ${outage}`))
      t.equal(calls.length, 1, 'and the model was asked once')
    })
  }

  t.test(
    '[CRASH7] while Redis hangs, a worker that gets SIGTERM finishes its answer and stops within 10 s after it',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const paused = model.pauseAfterFirstDelta('stop-while-Redis-hangs')
      const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, 'stop-while-Redis-hangs')).body
      await paused.started
      process.kill(product.redis.pid, 'SIGSTOP')
      const [worker] = product.workers.splice(0, 1)
      const stopped = worker?.kill('SIGTERM')
      await waitUntil('the worker is stopping', async () => !(await fetch(`${worker?.url}/readyz`)).ok)
      paused.resume()
      const resumedAtMs = performance.now()
      await stopped
      const elapsedMs = performance.now() - resumedAtMs
      t.equal(await worker?.exited, 0)
      t.comment(`ended after ${elapsedMs.toFixed(0)} ms`)
      t.ok(elapsedMs < MAX_STOP_MS, `${elapsedMs} ms`)
      t.match(await alice.waitForReply(fixture.getApiUrl(0), sendResult), {
        message_content: { finish_reason: 'stop' },
      })
      process.kill(product.redis.pid, 'SIGCONT')
      await product.startWorker()
      await proveOneReplyEach(t, fixture, event_id, [sendResult])
      const calls = model.calls.filter(({ question }) => question.includes('stop-while-Redis-hangs'))
      t.equal(calls.length, 1, 'and the model was asked once')
    },
  )

  t.test(
    '[CRASH5] without MySQL a send gets 503; after its restart nothing accepted is lost, and a repeated send is stored once',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const paused = model.pauseAfterFirstDelta('before-the-crash')
      const acceptedBefore = (await alice.ask(fixture.getApiUrl(0), event_id, 'before-the-crash')).body
      await paused.started
      await product.mysql.kill()
      paused.resume()
      const idempotencyKey = { client_message_id: 'during-the-crash' }
      const refused = await alice.ask(fixture.getApiUrl(0), event_id, 'during', idempotencyKey)
      t.match(refused, { status: 503, body: { code: 'unavailable' } })
      t.notMatch(refused.text, /ECONN|mysql|127\.0\.0\.1/i)
      await product.mysql.restart()
      const accepted = await waitUntil('a repeated send is accepted', async () => {
        const response = await alice.ask(fixture.getApiUrl(0), event_id, 'during', idempotencyKey)
        return response.status === 200 && response.body
      })
      const repeated = await alice.ask(fixture.getApiUrl(1), event_id, 'during', idempotencyKey)
      t.equal(repeated.body.user_message.message_id, accepted.user_message.message_id)
      await proveOneReplyEach(t, fixture, event_id, [acceptedBefore, accepted])
    },
  )

  t.test('[CRASH6] on SIGTERM under load no request fails, sockets get `goaway`, and no reply is lost', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const stoppingNode = await product.startApi()
    const follower = await alice.follow(stoppingNode.url, event_id)
    const paused = model.pauseAfterFirstDelta('load-0')
    const accepted: SendResult[] = []
    // No request is read if `connect` fails. It fails with ECONNREFUSED if the port is already closed, and with
    // ECONNRESET if the port is closed while the connection waits in the port's backlog.
    const connectErrors: unknown[] = []
    const ask = async (index: number) => {
      const newEventId = await createEventAs(fixture.getApiUrl(0), alice)
      const response = await alice.ask(stoppingNode.url, newEventId, `load-${index}`).catch((error) => ({ error }))
      if ('error' in response) connectErrors.push(response.error)
      else if (response.status === 200) accepted.push(response.body)
      else t.fail(`a request failed with ${response.status}`)
    }
    await ask(0)
    await paused.started
    const requests = Array.from({ length: 30 }, (_, i) => ask(i + 1))
    await Promise.race(requests) // The node gets SIGTERM while the other requests run.
    product.apis.pop()
    const stopping = stoppingNode.kill('SIGTERM')
    const [oldWorker] = product.workers.splice(0, 1)
    const newWorker = product.startWorker()
    const oldWorkerStopped = oldWorker?.kill('SIGTERM')
    await Promise.all([...requests, stopping, newWorker])
    for (const error of connectErrors)
      t.match(
        String((error as Error).cause),
        /connect ECONN(REFUSED|RESET)/,
        'while connecting, never during a request',
      )
    t.ok(follower.frames.some((frame) => frame.type === 'goaway'))
    t.equal(follower.closeCode, 1012, 'the close code for a service restart')
    t.equal(await stoppingNode.exited, 0)
    paused.resume()
    await oldWorkerStopped
    t.equal(await oldWorker?.exited, 0)
    for (const sendResult of accepted)
      await proveOneReplyEach(t, fixture, sendResult.user_message.event_id, [sendResult])
    t.ok(accepted.length > 0, 'at least one question was accepted')
  })
})

/** Proves that each question is stored once and has exactly one reply, which is an answer. */
async function proveOneReplyEach(
  t: Test,
  fixture: Fixture,
  event_id: string,
  sendResults: SendResult[],
): Promise<void> {
  for (const sendResult of sendResults) {
    const reply = await fixture.alice.waitForReply(fixture.getApiUrl(0), sendResult)
    t.match(reply, { message_type: 'chat', message_content: { finish_reason: 'stop' } })
  }
  const page = await fixture.alice.call<{ messages: Message[] }>(
    fixture.getApiUrl(0),
    'GET',
    `/api/events/${event_id}/messages?limit=100`,
  )
  for (const sendResult of sendResults) {
    const replies = page.body.messages.filter((message) => message.reply_to === sendResult.user_message.message_id)
    t.equal(replies.length, 1, 'one reply')
    t.equal(
      page.body.messages.filter((message) => message.message_id === sendResult.user_message.message_id).length,
      1,
      'one question',
    )
  }
}
