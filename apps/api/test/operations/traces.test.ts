import { once } from 'node:events'
import { connect } from 'node:net'
import { createMemoryTracer, type MemorySpan, type MemoryTracer } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { createHarness } from '../harness.ts'
import { openSocketClient } from '../sockets/socket-client.ts'

const findSpans = ({ ended }: MemoryTracer, name: string): MemorySpan[] => ended.filter((span) => span.name === name)

async function startWithTracer(t: Test, env: Record<string, string> = {}) {
  const tracer = createMemoryTracer()
  const harness = await createHarness({ env, deps: { tracer } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const address = await harness.app.listen({ host: '127.0.0.1', port: 0 })
  return { ...harness, tracer, alice, event_id, address }
}

t.test(
  '[OTEL1] a delivery to sockets is a span of the trace in which the row was written, for private and for shared chats',
  async (t) => {
    const { tracer, alice, event_id, address, stores, deps, log } = await startWithTracer(t)
    const socket = openSocketClient(t, `${address.replace('http', 'ws')}/ws`, {
      authorization: `Bearer ${alice.token}`,
    })
    await socket.next('hello')
    await socket.subscribe(event_id)
    for (const visibility of ['private', 'room']) {
      const question = { event_id, message: 'hi', visibility }
      const sent = (await alice.call('POST', '/api/engineer-chat/send', question)).json()
      const { message_id } = sent.ai_message
      await socket.next('message', ({ message }) => message.message_id === message_id)
      const [request] = findSpans(tracer, 'POST /api/engineer-chat/send').slice(-1)
      const [questionDelivery, replyDelivery] = findSpans(tracer, 'deliver message').slice(-2)
      t.same(
        [questionDelivery, replyDelivery].map((delivery) => delivery?.fields.message_id),
        [sent.user_message.message_id, message_id],
      )
      const requestParent = `00-${request?.traceId}-${request?.spanId}-01`
      for (const delivery of [questionDelivery, replyDelivery]) t.equal(delivery?.parent, requestParent)

      const claim = await stores.replies.claim(message_id, 60_000)
      const ref = { message_id, attempt: claim?.row.attempt ?? 0 }
      const finished = await stores.replies.finish(ref, { type: 'chat', content: { content: 'Isolate it.' } })
      const traceparent = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`
      if (finished) deps.bus.publish({ ...finished.change, traceparent })
      await socket.next(
        'message',
        ({ message }) => message.message_type === 'chat' && message.message_id === message_id,
      )
      const delivered = findSpans(tracer, 'deliver message').at(-1)
      const ids = { reply_id: message_id, question_id: sent.user_message.message_id, user_id: alice.user_id, event_id }
      t.match(delivered, { parent: traceparent, traceId: 'c'.repeat(32), fields: ids })
      const lines = log.filter(({ event }) => event === 'EngineerChat.reply_delivered')
      t.equal(lines.at(-1)?.fields.trace_id, 'c'.repeat(32))
    }
  },
)

t.test('[OTEL4] a reply whose hint was lost is delivered in a new trace; a person’s post is not traced', async (t) => {
  const { tracer, alice, event_id, address, stores, deps } = await startWithTracer(t)
  const socket = openSocketClient(t, `${address.replace('http', 'ws')}/ws`, {
    authorization: `Bearer ${alice.token}`,
  })
  await socket.next('hello')
  await socket.subscribe(event_id)
  const { ai_message } = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' })).json()
  const { message_id } = ai_message
  const claim = await stores.replies.claim(message_id, 60_000)
  const ref = { message_id, attempt: claim?.row.attempt ?? 0 }
  const finished = await stores.replies.finish(ref, { type: 'chat', content: { content: 'Isolate it.' } })
  // Like a change that is found without its hint, this one has no `traceparent`.
  if (finished) deps.bus.publish(finished.change)
  await socket.next('message', ({ message }) => message.message_type === 'chat' && message.message_id === message_id)
  t.match(findSpans(tracer, 'deliver message').at(-1), { parent: undefined, fields: { reply_id: message_id } })

  const spansBefore = findSpans(tracer, 'deliver message').length
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'is anybody there?' })
  await socket.next('message', ({ message }) => message.message_category === 'room')
  t.equal(findSpans(tracer, 'deliver message').length, spansBefore)
})

t.test('[OTEL1] a failed or aborted request has a span with a code, and its log lines name the trace', async (t) => {
  const { tracer, alice, app, stores, log, address } = await startWithTracer(t)
  stores.events.list = () => Promise.reject(new Error('a secret of MySQL'))
  await alice.call('GET', '/api/events')
  const failed = findSpans(tracer, 'GET /api/events')[0]
  t.match(failed, { error: '500', fields: { 'http.response.status_code': 500, 'http.request.method': 'GET' } })
  t.equal(log.find(({ event }) => event === 'EngineerChat.request_failed')?.fields.trace_id, failed?.traceId)
  t.notMatch(JSON.stringify(tracer.ended), 'secret')

  const listStarted = Promise.withResolvers<void>()
  stores.events.list = () => {
    listStarted.resolve()
    return new Promise(() => {}) // This read never ends.
  }
  const client = connect(Number(new URL(address).port), '127.0.0.1')
  client.write(`GET /api/events HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${alice.token}\r\n\r\n`)
  await listStarted.promise
  client.destroy()
  await once(client, 'close')
  while (findSpans(tracer, 'GET /api/events').length < 2) await new Promise((resolve) => setImmediate(resolve))
  t.match(findSpans(tracer, 'GET /api/events')[1], { error: 'client_left' })

  for (const url of ['/livez', '/readyz', '/metrics', '/nothing', '/api/nothing']) await app.inject(url)
  t.same(
    tracer.ended.map(({ fields }) => fields['http.route']).filter((route) => !String(route).startsWith('/api/')),
    [],
    'health, metrics and unknown routes are not traced',
  )
})

t.test('[OTEL5] the header `traceparent` is read only if TRACEPARENT_TRUSTED allows it', async (t) => {
  const traceparent = `00-${'e'.repeat(32)}-${'f'.repeat(16)}-01`
  for (const [TRACEPARENT_TRUSTED, parent] of [
    ['false', undefined],
    ['true', traceparent],
  ] as const) {
    const { tracer, alice } = await startWithTracer(t, { TRACEPARENT_TRUSTED })
    await alice.call('GET', '/api/auth/me', undefined, { traceparent })
    t.equal(findSpans(tracer, 'GET /api/auth/me')[0]?.parent, parent, TRACEPARENT_TRUSTED)
  }
})
