import { createLog } from '@engineer-chat/adapters/log'
import { openTracing, type TracingOptions } from '@engineer-chat/adapters/tracing'
import { createId } from '@engineer-chat/chat/shared'
import t, { type Test } from 'tap'
import { parseHeaders } from '../../src/tracing/parse-headers.ts'
import { startForwardProxy } from '../egress/forward-proxy.ts'
import { type Collector, startCollector } from './collector.ts'

const SETTINGS = {
  protocol: 'http/json',
  timeoutMs: 1_000,
  maxQueuedSpans: 100,
  sendIntervalMs: 10,
  samplingRatio: 1,
  isTraceparentTrusted: false,
} as const

function openTestTracing(
  t: Test,
  collector: Collector,
  settings: Partial<TracingOptions['settings']> = {},
  egress = {},
) {
  const lines: string[] = []
  const log = createLog({ level: 'info', service: 'test', destination: { write: (line) => void lines.push(line) } })
  const tracing = openTracing({
    settings: { ...SETTINGS, endpoint: collector.url, ...settings },
    egress,
    service: 'api',
    instanceId: 'node-1',
    log,
  })
  t.teardown(() => tracing.close())
  return { ...tracing, lines }
}

t.test('[OTEL3] only allow-listed fields become attributes, of a bounded length', async (t) => {
  const collector = await startCollector(t)
  const { tracer, close } = openTestTracing(t, collector)

  const span = tracer.startSpan('step', { fields: { text: 'a secret text', prompt: 'a secret text', reply_id: 'r-1' } })
  span.set({ 'gen_ai.input.messages': 'a secret text', 'gen_ai.response.model': 'm'.repeat(10_000), user_id: null })
  span.end('llm_timeout')
  await close()

  const [body = ''] = collector.bodies
  t.notMatch(body, 'a secret text')
  t.match(body, '{"key":"engineer_chat.reply_id","value":{"stringValue":"r-1"}}')
  t.match(body, `"${'m'.repeat(256)}"`)
  t.match(body, '"error.type"')
  t.notMatch(body, 'engineer_chat.user_id', 'a field without a value is left out')
})

t.test(
  '[OTEL1] a span continues the trace of its parent, and a span with an invalid parent begins a new trace',
  async (t) => {
    const { tracer } = openTestTracing(t, await startCollector(t))
    const parent = tracer.startSpan('parent')
    t.match(parent.traceparent, new RegExp(`^00-${parent.traceId}-[0-9a-f]{16}-01$`))
    t.equal(tracer.startSpan('child', { parent: parent.traceparent }).traceId, parent.traceId)
    for (const wrong of [
      '',
      'x',
      `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`,
      `ff-${parent.traceId}-${'1'.repeat(16)}-01`,
    ])
      t.not(tracer.startSpan('child', { parent: wrong }).traceId, parent.traceId, wrong)
  },
)

t.test(
  '[OTEL4] the trace of a request is found by the id that this system gave it, and not by other ids',
  async (t) => {
    const collector = await startCollector(t)
    const { tracer } = openTestTracing(t, collector)
    const request_id = createId()

    const root = tracer.startSpan('request', { rootRequestId: request_id })

    t.equal(root.traceId, request_id.replaceAll('-', ''))
    t.equal(tracer.deriveTraceparent(request_id), root.traceparent)
    const caller = tracer.startSpan('of a caller')
    const called = tracer.startSpan('request', { rootRequestId: request_id, parent: caller.traceparent })
    t.equal(called.traceId, caller.traceId, 'a parent has priority over the id')
    for (const other of ['', 'proxy-1', '1a2b3c4d-0000-4000-8000-000000000000', `${request_id}0`]) {
      t.equal(tracer.deriveTraceparent(other), undefined, other)
      t.not(tracer.startSpan('request', { rootRequestId: other }).traceId, root.traceId)
    }
    t.equal(
      openTestTracing(t, collector, { isTraceparentTrusted: true }).tracer.deriveTraceparent(request_id),
      undefined,
    )
    t.match(
      openTestTracing(t, collector, { samplingRatio: 0 }).tracer.deriveTraceparent(request_id),
      /-00$/,
      'its flag says that the trace is not sent',
    )
  },
)

t.test('[OTEL8] a trace is sent as a whole or not at all, by the ratio of the process in which it began', async (t) => {
  const collector = await startCollector(t)
  const neverSampling = openTestTracing(t, collector, { samplingRatio: 0 })
  const alwaysSampling = openTestTracing(t, collector)
  const root = neverSampling.tracer.startSpan('not sampled')
  t.match(root.traceparent, /-00$/)
  root.end()
  alwaysSampling.tracer.startSpan('not sampled, either', { parent: root.traceparent }).end()
  alwaysSampling.tracer.startSpan('sampled').end()
  await Promise.all([neverSampling.close(), alwaysSampling.close()])
  t.match(collector.bodies.join(), '"sampled"')
  t.notMatch(collector.bodies.join(), 'not sampled')

  const halfSampled = openTestTracing(t, collector, { samplingRatio: 0.5 })
  const sampled = Array.from({ length: 1_000 }, () =>
    halfSampled.tracer.startSpan('maybe sampled').traceparent.endsWith('-01'),
  )
  const count = sampled.filter(Boolean).length
  t.ok(count > 350 && count < 650, `${count} of 1000`)
})

t.test('[OTEL6] spans wait up to the configured number, and further spans are dropped', async (t) => {
  for (const [endedCount, keptCount] of [
    [3, 3],
    [4, 3],
  ] as const) {
    const collector = await startCollector(t)
    const { tracer, close } = openTestTracing(t, collector, { maxQueuedSpans: 3, sendIntervalMs: 60_000 })
    collector.hang()
    for (let count = 0; count < 3; count += 1) tracer.startSpan('first').end() // The batch is full, so it is sent.
    await collector.waitForRequest(1)
    for (let count = 0; count < endedCount; count += 1) tracer.startSpan('later').end()
    collector.accept()
    await close()
    t.equal(collector.bodies.join().split('"later"').length - 1, keptCount, `${endedCount} ended`)
  }
})

t.test('[OTEL6] closing waits for a collector that answers in time, and no longer', async (t) => {
  const collector = await startCollector(t)
  const punctual = openTestTracing(t, collector, { timeoutMs: 5_000, sendIntervalMs: 60_000 })
  collector.answerAfter(200)
  punctual.tracer.startSpan('last').end()
  await punctual.close()
  t.match(collector.bodies.join(), '"last"')
  t.equal(punctual.lines.length, 0)

  collector.hang()
  const late = openTestTracing(t, collector, { timeoutMs: 300 })
  late.tracer.startSpan('later').end()
  const startedAtMs = performance.now()
  await late.close()
  const tookMs = performance.now() - startedAtMs
  t.ok(tookMs < 2_000, `${Math.round(tookMs)} ms`)
})

t.test('[OTEL6] if a collector is lost, one line with a code is logged, and one line when it is back', async (t) => {
  const collector = await startCollector(t)
  const { tracer, close, lines } = openTestTracing(t, collector)
  collector.refuse()
  for (let request = 1; request <= 3; request += 1) {
    tracer.startSpan('lost').end()
    await collector.waitForRequest(request)
  }
  collector.accept()
  tracer.startSpan('back').end()
  await collector.waitForRequest(4)
  await close()
  t.match(lines.join(), /"code":"HTTP_503".*"event":"EngineerChat.traces_lost"/)
  t.match(lines.join(), '"event":"EngineerChat.traces_back"')
  t.equal(lines.length, 2)
})

t.test('[OTEL9] a collector is called through the proxy, with its own headers and as protobuf', async (t) => {
  const collector = await startCollector(t)
  const proxy = await startForwardProxy(t)
  const url = collector.url.replace('127.0.0.1', 'model.test')
  const settings = {
    endpoint: `${url}/base/`,
    headers: 'authorization=Bearer%20abc, X-Tenant=soc',
    protocol: 'http/protobuf',
  } as const
  const { tracer, close } = openTestTracing(t, collector, settings, { httpProxy: proxy.host })
  const span = tracer.startSpan('step')
  span.end()
  await close()
  t.same(proxy.calls, [`POST ${url}/base/v1/traces`])
  t.match(collector.headers, [
    { authorization: 'Bearer abc', 'x-tenant': 'soc', 'content-type': 'application/x-protobuf' },
  ])
  t.ok(collector.rawBodies[0]?.includes(Buffer.from(span.traceId, 'hex')))
})

t.test('[OTEL9] headers are read as OpenTelemetry writes them', async (t) => {
  t.same(parseHeaders(undefined), {})
  t.same(parseHeaders(' A = b%2Cc ,d=e=f,,g=%zz'), { a: 'b,c', d: 'e=f', g: '%zz' })
})
