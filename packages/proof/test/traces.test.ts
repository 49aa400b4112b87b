import { randomBytes } from 'node:crypto'
import {
  type Fixture,
  type OtlpReceiver,
  type ReceivedSpan,
  startFixture,
  startOtlpReceiver,
  type TestUser,
  waitUntil,
} from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'

t.setTimeout(240_000)

const QUESTION = 'Which host talks to the beacon hyacinth?'
const TRACED = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '50' }

interface Traced {
  fixture: Fixture
  receiver: OtlpReceiver
}

async function startTraced(t: Test, env: Record<string, string> = {}): Promise<Traced> {
  const receiver = await startOtlpReceiver()
  const fixture = await startFixture({
    env: {
      ...TRACED,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=soc%201',
      ...env,
    },
  })
  t.teardown(async () => {
    await fixture.stop()
    await receiver.close()
  })
  return { fixture, receiver }
}

const listLines = ({ product }: Fixture): Array<Record<string, unknown>> =>
  [...product.apis, ...product.workers]
    .flatMap(({ log }) => log)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

const findSpans = ({ spans }: OtlpReceiver, name: string, fields: Record<string, unknown> = {}): ReceivedSpan[] =>
  spans.filter(
    (span) => span.name === name && Object.entries(fields).every(([key, value]) => span.attributes[key] === value),
  )

/** Waits for the spans with which the trace of a reply ends. */
async function waitForSpans(
  receiver: OtlpReceiver,
  reply_id: string,
): Promise<{ process: ReceivedSpan; deliver: ReceivedSpan }> {
  const find = (name: string, fields: object = {}) =>
    waitUntil(name, () => findSpans(receiver, name, { 'engineer_chat.reply_id': reply_id, ...fields })[0])
  const process = await find('process ai-reply')
  const deliver = await waitUntil('the delivery', () =>
    findSpans(receiver, 'deliver message', { 'engineer_chat.reply_id': reply_id }).find(
      ({ parentSpanId }) => parentSpanId === process.spanId || parentSpanId === undefined,
    ),
  )
  return { process, deliver }
}

t.test('[OTEL1] a question is one trace, from its request to its delivery on the sockets', async (t) => {
  const { fixture, receiver } = await startTraced(t)
  const { alice, event_id } = fixture
  const api = fixture.getApiUrl(0)
  const follower = await alice.follow(api, event_id)

  const { body } = await alice.ask(api, event_id, QUESTION)
  const { user_message, ai_message, session_id } = body
  const { message_content } = (await follower.waitForFinalRow(ai_message.message_id)).message
  const { process, deliver } = await waitForSpans(receiver, ai_message.message_id)

  const trace = receiver.spans.filter(({ traceId }) => traceId === process.traceId)
  const byName = (name: string) => trace.find((span) => span.name === name)
  const root = byName('POST /api/engineer-chat/send')
  const [sent, call] = [byName('send ai-reply'), byName('chat fake-1')]
  await t.test('the parents are right', async (t) => {
    t.match(root, { service: 'engineer-chat-api', kind: 2, parentSpanId: undefined, isError: false })
    t.match(sent, { service: 'engineer-chat-api', kind: 4, parentSpanId: root?.spanId })
    t.match(process, { service: 'engineer-chat-worker', kind: 5, parentSpanId: sent?.spanId, isError: false })
    t.match(call, { service: 'engineer-chat-worker', kind: 3, parentSpanId: process.spanId, isError: false })
    t.match(deliver, { service: 'engineer-chat-api', kind: 5, parentSpanId: process.spanId })
    const early = trace.filter(({ name, parentSpanId }) => name === 'deliver message' && parentSpanId === root?.spanId)
    t.equal(early.length, 2, 'the question and the place of its reply were shown, too')
  })

  await t.test('the ids stand on each step, and the same on the lines of the log', async (t) => {
    const ids = {
      'engineer_chat.question_id': user_message.message_id,
      'engineer_chat.reply_id': ai_message.message_id,
      'engineer_chat.session_id': session_id,
      'engineer_chat.event_id': event_id,
      'engineer_chat.user_id': alice.user_id,
    }
    for (const span of [root, process, deliver]) t.match(span?.attributes, ids)
    t.match(root?.attributes, { 'http.route': '/api/engineer-chat/send', 'http.response.status_code': 200 })
    const request_id = root?.attributes['engineer_chat.request_id']
    t.match(process.attributes, { 'engineer_chat.request_id': request_id, 'engineer_chat.outcome': 'chat' })
    for (const event of ['message_sent', 'reply_claimed', 'llm_call_ended', 'reply_finished', 'reply_delivered']) {
      const line = await waitUntil(event, () => listLines(fixture).find((one) => one.event === `EngineerChat.${event}`))
      t.equal(line.trace_id, process.traceId, event)
    }
  })

  await t.test('[OTEL2] the call of the model has OpenTelemetry’s names for generative AI', async (t) => {
    t.match(call?.attributes, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai-compatible',
      'gen_ai.request.model': 'fake-1',
      'gen_ai.response.model': 'fake-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': Number,
    })
    t.ok(call && call.startedAtMs >= process.startedAtMs && call.endedAtMs <= process.endedAtMs)
  })

  await t.test('[OTEL3] no byte of a text, a name or a secret leaves for the collector', async (t) => {
    await alice.call(api, 'GET', `/api/events/${event_id}/search?q=hyacinth`)
    await fixture.admin.call(api, 'POST', '/api/users', { username: 'hyacinth-user', password: 'x', role: 'engineer' })
    await waitUntil(
      'the failed request',
      () => findSpans(receiver, 'POST /api/users', { 'http.response.status_code': 400 })[0],
    )
    const texts = [QUESTION, 'hyacinth', message_content.content, 'Beacon from', 'C2 beacon', '198.51.100.23', 'alice']
    for (const text of [...texts, 'admin', alice.token, 'only-for-the-proof', 'EDR'])
      t.notOk(Buffer.concat(receiver.bodies).includes(text), text)
    t.ok(
      receiver.headers.every((headers) => headers['x-tenant'] === 'soc 1'),
      'the collector’s own headers arrive',
    )
  })
  follower.close()
})

t.test('[OTEL4] traces of lost jobs, of strangers and of other houses', async (t) => {
  const { fixture, receiver } = await startTraced(t)
  const { alice, event_id, product } = fixture
  const [worker] = product.workers.splice(0)
  const send = async (user: TestUser, message: string, headers: object = {}, base = fixture.getApiUrl(0)) => {
    const answer = await fetch(`${base}/api/engineer-chat/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ event_id, message }),
    })
    const sent: SendResult = JSON.parse(await answer.text())
    return sent
  }

  await t.test('a reply that comes without its job goes on with the trace of its request', async (t) => {
    await worker?.kill()
    const follower = await alice.follow(fixture.getApiUrl(0), event_id)
    const [first, second] = [await send(alice, QUESTION), await send(alice, 'and which user?')]
    const proxied = await send(fixture.bob, QUESTION, { 'x-request-id': 'given-by-a-proxy' })
    const redis = new Redis(product.redis.url)
    t.teardown(() => redis.disconnect())
    await waitUntil('the jobs are in Redis', async () => (await redis.keys('*:ai-reply:reply-*')).length >= 2)
    await redis.flushall()
    await product.startWorker()

    for (const { user_message, ai_message } of [first, second]) {
      const question = { 'engineer_chat.question_id': user_message.message_id }
      const root = await waitUntil(
        'its request',
        () => findSpans(receiver, 'POST /api/engineer-chat/send', question)[0],
      )
      const { process, deliver } = await waitForSpans(receiver, ai_message.message_id)
      t.match(process, { traceId: root.traceId, parentSpanId: root.spanId })
      const request_id = root.attributes['engineer_chat.request_id']
      t.match(process.attributes, { ...question, 'engineer_chat.request_id': request_id })
      t.match(deliver.attributes, question, 'its hint may be lost with the flush')
      const line = await waitUntil('its last line', () =>
        listLines(fixture).find(
          ({ event, reply_id }) => event === 'EngineerChat.reply_finished' && reply_id === ai_message.message_id,
        ),
      )
      t.match(line, { request_id, trace_id: root.traceId })
    }

    const ids = { 'engineer_chat.reply_id': proxied.ai_message.message_id }
    const own = await waitUntil('a trace of its own', () => findSpans(receiver, 'process ai-reply', ids)[0])
    t.match(own, { parentSpanId: undefined, attributes: { 'engineer_chat.request_id': 'given-by-a-proxy' } })
    follower.close()
  })

  await t.test('[OTEL5] a caller’s trace goes on where it is trusted, and nowhere else', async (t) => {
    const traceId = randomBytes(16).toString('hex')
    const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
    const trusting = await product.startApi({ TRACEPARENT_TRUSTED: 'true' })

    await send(alice, 'not trusted', { traceparent, 'x-request-id': 'not-trusted' })
    await send(alice, 'not sampled', { traceparent: `00-${'a'.repeat(32)}-00f067aa0ba902b7-00` }, trusting.url)
    await send(alice, 'malformed', { traceparent: 'ff-0-0-1', 'x-request-id': 'malformed' }, trusting.url)
    await send(alice, 'trusted', { traceparent, 'x-request-id': 'trusted-request' }, trusting.url)

    const find = (request_id: string) =>
      waitUntil(
        request_id,
        () => findSpans(receiver, 'POST /api/engineer-chat/send', { 'engineer_chat.request_id': request_id })[0],
      )
    t.match(await find('trusted-request'), { traceId, parentSpanId: '00f067aa0ba902b7' })
    for (const request_id of ['not-trusted', 'malformed']) {
      const span = await find(request_id)
      t.equal(span.parentSpanId, undefined, request_id)
      t.not(span.traceId, traceId)
    }
    t.notOk(
      receiver.spans.some((span) => span.traceId === 'a'.repeat(32)),
      'its caller wanted no trace',
    )
  })
})
