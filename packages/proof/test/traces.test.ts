import { randomBytes } from 'node:crypto'
import {
  type Fixture,
  type OtlpReceiver,
  PASSWORD,
  type ReceivedSpan,
  startFixture,
  startOtlpReceiver,
  type TestUser,
  waitUntil,
} from '@engineer-chat/proof'
import type { SendResult } from '@engineer-chat/protocol'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const QUESTION = 'Which host talks to the beacon hyacinth?'
const TRACING_ENV = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '50' }

interface TracedFixture {
  fixture: Fixture
  receiver: OtlpReceiver
}

async function startTraced(t: Test, env: Record<string, string> = {}): Promise<TracedFixture> {
  const receiver = await startOtlpReceiver()
  const fixture = await startFixture({
    env: {
      ...TRACING_ENV,
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

/** Holds OTLP's numbers of the kinds of spans. */
const SPAN_KINDS = { server: 2, client: 3, producer: 4, consumer: 5 }

/**
 * Waits for the last two spans in the trace of a reply. The delivery of the final row has the worker's span as its
 * parent, or no parent if the hint was lost.
 */
async function waitForSpans(
  receiver: OtlpReceiver,
  reply_id: string,
): Promise<{ workerSpan: ReceivedSpan; deliverySpan: ReceivedSpan }> {
  const fields = { 'engineer_chat.reply_id': reply_id }
  const workerSpan = await waitUntil('the span of the worker', () => findSpans(receiver, 'process ai-reply', fields)[0])
  const deliverySpan = await waitUntil('the span of the delivery', () =>
    findSpans(receiver, 'deliver message', fields).find(
      ({ parentSpanId }) => parentSpanId === workerSpan.spanId || parentSpanId === undefined,
    ),
  )
  return { workerSpan, deliverySpan }
}

t.test('[OTEL1] a question is one trace, from its request to its delivery on the sockets', async (t) => {
  const { fixture, receiver } = await startTraced(t)
  const { alice, event_id } = fixture
  const apiUrl = fixture.getApiUrl(0)
  const follower = await alice.follow(apiUrl, event_id)

  const { body } = await alice.ask(apiUrl, event_id, QUESTION)
  const { user_message, ai_message, session_id } = body
  const { message_content } = (await follower.waitForFinalRow(ai_message.message_id)).message
  const { workerSpan, deliverySpan } = await waitForSpans(receiver, ai_message.message_id)

  const trace = receiver.spans.filter(({ traceId }) => traceId === workerSpan.traceId)
  const findInTrace = (name: string) => trace.find((span) => span.name === name)
  const root = findInTrace('POST /api/engineer-chat/send')
  const [sendSpan, modelSpan] = [findInTrace('send ai-reply'), findInTrace('chat fake-1')]
  await t.test('each span has the right parent', async (t) => {
    t.match(root, { service: 'engineer-chat-api', kind: SPAN_KINDS.server, parentSpanId: undefined, isError: false })
    t.match(sendSpan, { service: 'engineer-chat-api', kind: SPAN_KINDS.producer, parentSpanId: root?.spanId })
    t.match(workerSpan, {
      service: 'engineer-chat-worker',
      kind: SPAN_KINDS.consumer,
      parentSpanId: sendSpan?.spanId,
      isError: false,
    })
    t.match(modelSpan, {
      service: 'engineer-chat-worker',
      kind: SPAN_KINDS.client,
      parentSpanId: workerSpan.spanId,
      isError: false,
    })
    t.match(deliverySpan, { service: 'engineer-chat-api', kind: SPAN_KINDS.consumer, parentSpanId: workerSpan.spanId })
    const earlierDeliveries = trace.filter(
      ({ name, parentSpanId }) => name === 'deliver message' && parentSpanId === root?.spanId,
    )
    t.equal(earlierDeliveries.length, 2, 'the question and its unfinished reply were delivered, too')
  })

  await t.test('each span and each log line has the ids', async (t) => {
    const ids = {
      'engineer_chat.question_id': user_message.message_id,
      'engineer_chat.reply_id': ai_message.message_id,
      'engineer_chat.session_id': session_id,
      'engineer_chat.event_id': event_id,
      'engineer_chat.user_id': alice.user_id,
    }
    for (const span of [root, workerSpan, deliverySpan]) t.match(span?.attributes, ids)
    t.match(root?.attributes, { 'http.route': '/api/engineer-chat/send', 'http.response.status_code': 200 })
    const request_id = root?.attributes['engineer_chat.request_id']
    t.match(workerSpan.attributes, { 'engineer_chat.request_id': request_id, 'engineer_chat.outcome': 'chat' })
    for (const event of ['message_sent', 'reply_claimed', 'llm_call_ended', 'reply_finished', 'reply_delivered']) {
      const line = await waitUntil(event, () =>
        listLines(fixture).find((logged) => logged.event === `EngineerChat.${event}`),
      )
      t.equal(line.trace_id, workerSpan.traceId, event)
    }
  })

  await t.test('[OTEL2] the call of the model has OpenTelemetry’s names for generative AI', async (t) => {
    t.match(modelSpan?.attributes, {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai-compatible',
      'gen_ai.request.model': 'fake-1',
      'gen_ai.response.model': 'fake-1',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': Number,
    })
    t.ok(modelSpan && modelSpan.startedAtMs >= workerSpan.startedAtMs && modelSpan.endedAtMs <= workerSpan.endedAtMs)
  })

  await t.test('[OTEL3] no text, name or secret reaches the collector', async (t) => {
    await alice.call(apiUrl, 'GET', `/api/events/${event_id}/search?q=hyacinth`)
    await fixture.admin.call(apiUrl, 'POST', '/api/users', {
      username: 'hyacinth-user',
      password: 'x',
      role: 'engineer',
    })
    await waitUntil(
      'the span of the failed request',
      () => findSpans(receiver, 'POST /api/users', { 'http.response.status_code': 400 })[0],
    )
    const texts = [QUESTION, 'hyacinth', message_content.content, 'Beacon from', 'C2 beacon', '198.51.100.23', 'alice']
    for (const text of [...texts, 'admin', alice.token, PASSWORD, 'EDR'])
      t.notOk(Buffer.concat(receiver.bodies).includes(text), text)
    t.ok(
      receiver.headers.every((headers) => headers['x-tenant'] === 'soc 1'),
      'the headers that are configured for the collector arrive',
    )
  })
  follower.close()
})

t.test('[OTEL4] traces of replies that lost their jobs or waited, and of requests with a traceparent', async (t) => {
  const { fixture, receiver } = await startTraced(t)
  const { alice, event_id, product } = fixture
  const [worker] = product.workers.splice(0)
  const send = async (user: TestUser, message: string, headers: object = {}, baseUrl = fixture.getApiUrl(0)) => {
    const response = await fetch(`${baseUrl}/api/engineer-chat/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ event_id, message }),
    })
    const sendResult: SendResult = JSON.parse(await response.text())
    return sendResult
  }

  await worker?.kill()
  // Without a socket no delivery is traced.
  const follower = await alice.follow(fixture.getApiUrl(0), event_id)
  const first = await send(alice, QUESTION)
  const second = await send(alice, 'and which user?')
  const proxied = await send(fixture.bob, QUESTION, { 'x-request-id': 'given-by-a-proxy' })
  const redis = new Redis(product.redis.url)
  t.teardown(() => redis.disconnect())
  // Only `first` and `proxied` have jobs, because `second` waits until the first question of its session is answered.
  await waitUntil('the jobs are in Redis', async () => (await redis.keys('*:ai-reply:reply-*')).length >= 2)
  await redis.flushall()
  await product.startWorker()

  await t.test(
    'a reply that lost its job, or waited for another question of its session, continues the trace of its request',
    async (t) => {
      for (const { user_message, ai_message } of [first, second]) {
        const question = { 'engineer_chat.question_id': user_message.message_id }
        const root = await waitUntil(
          'the span of its request',
          () => findSpans(receiver, 'POST /api/engineer-chat/send', question)[0],
        )
        const { workerSpan, deliverySpan } = await waitForSpans(receiver, ai_message.message_id)
        t.match(workerSpan, { traceId: root.traceId, parentSpanId: root.spanId })
        const request_id = root.attributes['engineer_chat.request_id']
        t.match(workerSpan.attributes, { ...question, 'engineer_chat.request_id': request_id })
        t.match(deliverySpan.attributes, question)
        const line = await waitUntil('the log line of its end', () =>
          listLines(fixture).find(
            ({ event, reply_id }) => event === 'EngineerChat.reply_finished' && reply_id === ai_message.message_id,
          ),
        )
        t.match(line, { request_id, trace_id: root.traceId })
      }
    },
  )
  follower.close()

  await t.test('a reply that lost its job begins a new trace if a proxy set the id of its request', async (t) => {
    const ids = { 'engineer_chat.reply_id': proxied.ai_message.message_id }
    const newTrace = await waitUntil('a new trace', () => findSpans(receiver, 'process ai-reply', ids)[0])
    t.match(newTrace, { parentSpanId: undefined, attributes: { 'engineer_chat.request_id': 'given-by-a-proxy' } })
  })

  await t.test('[OTEL5] a node continues the trace of a caller only if it trusts callers', async (t) => {
    const traceId = randomBytes(16).toString('hex')
    const callerSpanId = '00f067aa0ba902b7'
    const unsampledTraceId = 'a'.repeat(32)
    // The last part says whether the caller samples the trace.
    const traceparent = `00-${traceId}-${callerSpanId}-01`
    const unsampledTraceparent = `00-${unsampledTraceId}-${callerSpanId}-00`
    const trusting = await product.startApi({ TRACEPARENT_TRUSTED: 'true' })

    await send(alice, 'not trusted', { traceparent, 'x-request-id': 'not-trusted' })
    await send(alice, 'not sampled', { traceparent: unsampledTraceparent }, trusting.url)
    await send(alice, 'malformed', { traceparent: 'ff-0-0-1', 'x-request-id': 'malformed' }, trusting.url)
    await send(alice, 'trusted', { traceparent, 'x-request-id': 'trusted-request' }, trusting.url)

    const findRequestSpan = (request_id: string) =>
      waitUntil(
        request_id,
        () => findSpans(receiver, 'POST /api/engineer-chat/send', { 'engineer_chat.request_id': request_id })[0],
      )
    t.match(await findRequestSpan('trusted-request'), { traceId, parentSpanId: callerSpanId })
    for (const request_id of ['not-trusted', 'malformed']) {
      const span = await findRequestSpan(request_id)
      t.equal(span.parentSpanId, undefined, request_id)
      t.not(span.traceId, traceId)
    }
    t.notOk(
      receiver.spans.some((span) => span.traceId === unsampledTraceId),
      'the caller did not sample the trace',
    )
  })
})
