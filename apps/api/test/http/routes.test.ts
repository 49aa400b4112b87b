import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { ChatError } from '@engineer-chat/chat/shared'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createCaller, createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'
import { callRoutesOfIncident } from './call-routes.ts'

t.test('[HTTP1] the routes that an incident needs respond as their schemas state, and no text is logged', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  await callRoutesOfIncident(t, harness)
  t.same(
    harness.log.filter(({ level }) => level === 'error'),
    [],
  )
  const logged = JSON.stringify(harness.log)
  // `callRoutesOfIncident` and `signUp` have sent these texts.
  for (const sentText of ['what first', 'hello', 'Contained', 'correct horse']) t.notMatch(logged, sentText)
})

t.test('[HTTP4] an unknown route or method is answered with a problem', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const unknownUrls = ['/', '/api', '/api/nothing', '/api/events/a/b/c', '/ap%69/x']
  const undecodableUrls = ['/%', '/%c0']
  for (const url of [...unknownUrls, ...undecodableUrls]) {
    const response = await harness.app.inject(url)
    t.equal(response.statusCode, undecodableUrls.includes(url) ? 400 : 404, url)
    t.match(response.headers['content-type'], /^application\/problem\+json/, url)
  }
  const response = await harness.app.inject({ method: 'DELETE', url: '/api/events/abc?x=1' })
  checkProblem(t, response, 405, 'method_not_allowed')
  t.equal(response.headers.allow, 'GET, HEAD, PATCH')
})

t.test('[HTTP4] a wrong method on a file is a 405, and a missing file is a 404', async (t) => {
  const pageFolder = t.testdir({ assets: { 'page-1.js': 'export {}' } })
  const harness = await createHarness({ deps: { pageFolder } })
  t.teardown(() => harness.close())
  t.equal((await harness.app.inject('/assets/page-1.js')).statusCode, 200)
  const refused = await harness.app.inject({ method: 'POST', url: '/assets/page-1.js' })
  checkProblem(t, refused, 405, 'method_not_allowed')
  t.equal(refused.headers.allow, 'GET, HEAD')
  // The folder has no index.html either.
  for (const url of ['/assets/page-0.js', '/']) checkProblem(t, await harness.app.inject(url), 404, 'not_found', url)
})

t.test('[HTTP4] the text of an unexpected error is hidden; an unavailable store causes Retry-After', async (t) => {
  const stores = createMemoryStores()
  const harness = await createHarness({ stores })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  stores.events.list = async () => {
    throw new Error('SELECT secret FROM events at 127.0.0.1')
  }
  checkProblem(t, await alice.call('GET', '/api/events'), 500, 'internal')
  t.match(harness.log.at(-1), {
    level: 'error',
    event: 'EngineerChat.request_failed',
    fields: { route: '/api/events' },
  })

  stores.messages.ask = async () => {
    throw new ChatError('unavailable')
  }
  const question = { event_id: await harness.createEvent(alice), message: 'hi' }
  const response = await alice.call('POST', '/api/engineer-chat/send', question)
  checkProblem(t, response, 503, 'unavailable')
  t.ok(Number(response.headers['retry-after']) >= 1)
})

t.test('[HTTP5] a response has the id of its request; an id that a proxy sent is kept if it is safe', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const readResponseId = async (id: string) =>
    (await harness.app.inject({ url: '/livez', headers: { 'x-request-id': id } })).headers['x-request-id']
  t.equal(await readResponseId('proxy-0123456789'), 'proxy-0123456789')
  for (const unsafeId of ['short', 'with a space', 'x'.repeat(65), '<script>alert(1)</script>'])
    t.not(await readResponseId(unsafeId), unsafeId)
})

t.test('[HTTP6] the header Idempotency-Key and the field client_message_id carry the same key', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const send = (body: object, key?: string) =>
    alice.call(
      'POST',
      '/api/engineer-chat/send',
      { event_id, message: 'hi', ...body },
      key ? { 'idempotency-key': key } : {},
    )
  const first = (await send({}, 'key-1')).json()
  t.equal((await send({ client_message_id: 'key-1' })).json().user_message.message_id, first.user_message.message_id)
  t.equal((await send({ client_message_id: 'key-1' }, 'key-1')).json().round, 1, 'no second question was stored')
  checkProblem(t, await send({ client_message_id: 'key-2' }, 'key-1'), 400, 'validation_failed')
  checkProblem(t, await send({}, 'a key with spaces'), 400, 'validation_failed')
  checkProblem(t, await send({}, 'x'.repeat(129)), 400, 'validation_failed')
})

t.test('[HTTP7] the error at the round limit names the session and the next action', async (t) => {
  const harness = await createHarness({ env: { ENGINEER_CHAT_MAX_ROUNDS: '1' } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const body = { event_id: await harness.createEvent(alice), message: 'hi' }
  const { session_id } = (await alice.call('POST', '/api/engineer-chat/send', body)).json()
  const refused = checkProblem(t, await alice.call('POST', '/api/engineer-chat/send', body), 409, 'session_round_limit')
  t.match(refused, { session_id, action: 'create_new_session' })
})

t.test(
  '[HTTP7] status and history show the current round limit, also after the configuration was changed',
  async (t) => {
    const defaultHarness = await createHarness()
    t.teardown(() => defaultHarness.close())
    const alice = await defaultHarness.signUp('alice')
    const event_id = await defaultHarness.createEvent(alice)
    await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' })
    const strictNode = await createHarness({ stores: defaultHarness.stores, env: { ENGINEER_CHAT_MAX_ROUNDS: '1' } })
    t.teardown(() => strictNode.close())
    const aliceAtStrictNode = createCaller(strictNode.app, alice.user_id, alice.token)
    checkProblem(
      t,
      await aliceAtStrictNode.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' }),
      409,
      'session_round_limit',
    )
    const status = (await aliceAtStrictNode.call('GET', `/api/engineer-chat/status?event_id=${event_id}`)).json()
    t.match(status, { rounds: 1, max_rounds: 1, can_chat: false })
    const history = (await aliceAtStrictNode.call('GET', `/api/engineer-chat/history?event_id=${event_id}`)).json()
    t.match(history, { rounds: 1, max_rounds: 1 })
  },
)

t.test('[HTTP4] a request that is not valid HTTP is answered with a problem, too', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = harness.app.server.address() as AddressInfo
  const cases: Array<[string, number]> = [
    ['NONSENSE\r\n\r\n', 400],
    [`GET /livez HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ]
  for (const [request, status] of cases) {
    const socket = connect(port, '127.0.0.1')
    socket.end(request)
    const answer = await text(socket)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json[^]*"status":${status}`))
  }
})

t.test('[HTTP19] a request that names two hosts is refused', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = harness.app.server.address() as AddressInfo
  const sendRawRequest = async (target: string, ...headers: string[]): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.end([`GET ${target} HTTP/1.1`, ...headers, 'connection: close', '', ''].join('\r\n'))
    return text(socket)
  }
  const upgrade = ['upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==']
  for (const refused of [
    await sendRawRequest('/livez', 'host: a.example', 'host: b.example'),
    await sendRawRequest('/livez', 'Host: a.example', 'HOST: a.example'),
    await sendRawRequest('/nowhere', 'host: a.example', 'host: b.example'),
    await sendRawRequest('/livez', 'host: a.example, b.example'),
    await sendRawRequest('http://a.example/livez', 'host: b.example'),
    await sendRawRequest('http://user@a.example/livez', 'host: a.example'), // `user@a.example` is not `a.example`.
    await sendRawRequest('/ws', 'host: a.example', 'host: b.example', ...upgrade),
  ]) {
    t.match(refused, /^HTTP\/1\.1 400 /)
    t.match(refused, /"code":"validation_failed"/)
  }
  for (const accepted of [
    await sendRawRequest('/livez', 'host: a.example:8000'),
    await sendRawRequest('http://a.example/livez', 'host: A.example'),
  ]) {
    t.match(accepted, /^HTTP\/1\.1 200 /)
  }
})
