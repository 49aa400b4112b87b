import t, { type Test } from 'tap'
import { ApiProblem, createClient } from '../src/index.ts'
import { type FakeResponse, type ReceivedRequest, startFakeServer } from './fake-server.ts'
import { alice, createProblem, createSendResult, createSignInResponder, ROOM } from './sample-data.ts'

/** Answers a request, drops its connection (`cut`), or leaves it to the fake sign-in (undefined). */
type Answer = (request: ReceivedRequest) => FakeResponse | 'cut' | undefined

async function startSignedIn(t: Test, answer: Answer) {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => answer(request) ?? signIn(request) ?? { status: 204 })
  t.teardown(() => server.close())
  const client = createClient({ baseUrl: server.baseUrl, backoff: { firstMaxMs: 1, maxMs: 2 } })
  await client.login('alice', 'a-password')
  const listRequests = (path: string) => server.requests.filter((request) => request.path === path)
  return { server, client, listRequests }
}

t.test('[CLIENT1] after a 401, concurrent requests share one refresh, and each is sent once more', async (t) => {
  const { client, listRequests } = await startSignedIn(t, ({ path, headers }) => {
    if (path !== '/api/auth/me') return undefined
    return headers.authorization === 'Bearer token-2'
      ? { body: alice }
      : { status: 401, body: createProblem(401, 'unauthorized') }
  })
  const users = await Promise.all([client.getMe(), client.getMe(), client.getMe()])
  t.strictSame(users, [alice, alice, alice])
  t.equal(listRequests('/api/auth/refresh').length, 1)
  t.equal(listRequests('/api/auth/me').length, 6)
})

t.test(
  '[CLIENT1] a refused refresh ends the sign-in once, and every waiting request fails with `unauthorized`',
  async (t) => {
    const { client, listRequests } = await startSignedIn(t, ({ path }) =>
      path === '/api/auth/login' ? undefined : { status: 401, body: createProblem(401, 'unauthorized') },
    )
    let signOutCount = 0
    client.onSignedOut(() => {
      signOutCount += 1
    })
    const results = await Promise.allSettled([client.getMe(), client.getStatus(ROOM)])
    t.match(results, [{ reason: { code: 'unauthorized' } }, { reason: { code: 'unauthorized' } }])
    t.equal(signOutCount, 1)
    t.equal(client.token, null)
    t.equal(listRequests('/api/auth/refresh').length, 1)
  },
)

t.test('[CLIENT2] where fetch keeps no cookies, the newest refresh cookie is sent with a refresh only', async (t) => {
  const { client, server } = await startSignedIn(t, () => undefined)
  await client.refresh()
  await client.refresh()
  await client.markRead(ROOM, 3)
  await client.logout()
  t.strictSame(
    server.requests.map(({ path, headers }) => [path, headers.cookie]),
    [
      ['/api/auth/login', undefined],
      ['/api/auth/refresh', 'refresh_token=cookie-1'],
      ['/api/auth/refresh', 'refresh_token=cookie-2'],
      [`/api/events/${ROOM}/read`, undefined],
      ['/api/auth/logout', undefined],
    ],
  )
  t.equal(client.token, null)
})

t.test('[CLIENT21] a logout with an expired token refreshes it, so that the server ends the sign-in', async (t) => {
  const { client, server } = await startSignedIn(t, ({ path, headers }) =>
    path === '/api/auth/logout' && headers.authorization !== 'Bearer token-2'
      ? { status: 401, body: createProblem(401, 'unauthorized') }
      : undefined,
  )
  await client.logout()
  t.strictSame(
    server.requests.map(({ path, headers }) => [path, headers.authorization]),
    [
      ['/api/auth/login', undefined],
      ['/api/auth/logout', 'Bearer token-1'],
      ['/api/auth/refresh', undefined],
      ['/api/auth/logout', 'Bearer token-2'],
    ],
  )
  t.equal(client.token, null)
})

t.test('[CLIENT21] a logout succeeds if the server has already ended the sign-in', async (t) => {
  const { client } = await startSignedIn(t, ({ path }) =>
    path === '/api/auth/login' ? undefined : { status: 401, body: createProblem(401, 'unauthorized') },
  )
  await client.logout()
  t.equal(client.token, null)
})

t.test('[CLIENT2] a refresh that is running at a logout stores neither its token nor its cookie', async (t) => {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => signIn(request) ?? { status: 204 })
  t.teardown(() => server.close())
  const refreshed = Promise.withResolvers<void>()
  const loggedOut = Promise.withResolvers<void>()
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (!`${url}`.endsWith('/api/auth/refresh')) return response
      refreshed.resolve()
      await loggedOut.promise
      return response
    },
  })
  await client.login('alice', 'a-password')
  const refresh = client.refresh()
  await refreshed.promise
  await client.logout()
  const refused = t.rejects(refresh, { name: 'ApiProblem', code: 'unauthorized' })
  loggedOut.resolve()
  await refused
  t.equal(client.token, null)
  await client.refresh()
  t.equal(server.requests.at(-1)?.headers.cookie, undefined)
})

t.test('[CLIENT2] a refresh that is refused after a logout does not end the next sign-in', async (t) => {
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => signIn(request) ?? { status: 204 })
  t.teardown(() => server.close())
  const refreshResponse = Promise.withResolvers<Response>()
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: (url, init) => (`${url}`.endsWith('/api/auth/refresh') ? refreshResponse.promise : fetch(url, init)),
  })
  await client.login('alice', 'a-password')
  const refresh = client.refresh()
  await client.logout()
  await client.login('alice', 'a-password')
  const refused = t.rejects(refresh, { name: 'ApiProblem', code: 'unauthorized' })
  refreshResponse.resolve(Response.json(createProblem(401, 'unauthorized'), { status: 401 }))
  await refused
  t.equal(client.token?.accessToken, 'token-2')
})

t.test(
  '[CLIENT3] a question is sent again with the same id after a lost connection, a 503, a 502 and a 429',
  async (t) => {
    const failures: Array<FakeResponse | 'cut'> = [
      'cut',
      { status: 503, body: createProblem(503, 'unavailable'), headers: { 'retry-after': '0' } },
      { status: 502, body: '<html>Bad gateway</html>' },
      { status: 429, body: createProblem(429, 'rate_limited'), headers: { 'retry-after': '0' } },
    ]
    const { client, listRequests } = await startSignedIn(t, ({ path }) =>
      path === '/api/engineer-chat/send' ? (failures.shift() ?? { body: createSendResult() }) : undefined,
    )
    t.strictSame(await client.sendQuestion({ event_id: ROOM, message: 'What now?' }), createSendResult())
    const ids = listRequests('/api/engineer-chat/send').map(
      ({ body }) => (body as { client_message_id: string }).client_message_id,
    )
    t.equal(ids.length, 5)
    t.equal(new Set(ids).size, 1)
    t.match(ids[0], /^[0-9a-f]{32}$/)
  },
)

t.test(
  '[CLIENT3] a question is not sent again after a final refusal, after `maxRequests` requests, or if the server asks for a long wait',
  async (t) => {
    let nextResponse: FakeResponse | 'cut' = 'cut'
    const { client, listRequests } = await startSignedIn(t, ({ path }) =>
      path === '/api/engineer-chat/send' ? nextResponse : undefined,
    )
    const ask = (maxRequests?: number) =>
      client.sendQuestion({ event_id: ROOM, message: 'What now?' }, maxRequests ? { maxRequests } : {})
    const countSends = () => listRequests('/api/engineer-chat/send').length

    await t.rejects(ask(3), { name: 'ConnectionFailedError' })
    t.equal(countSends(), 3)
    nextResponse = { status: 409, body: { ...createProblem(409, 'session_round_limit'), session_id: 'chat_1' } }
    await t.rejects(ask(), { code: 'session_round_limit', status: 409, problem: { session_id: 'chat_1' } })
    nextResponse = { status: 429, body: createProblem(429, 'budget_exceeded') }
    await t.rejects(ask(), { code: 'budget_exceeded' })
    nextResponse = { status: 503, body: createProblem(503, 'unavailable'), headers: { 'retry-after': '3600' } }
    await t.rejects(ask(), { code: 'unavailable', retryAfterMs: 3_600_000 })
    t.equal(countSends(), 6, 'each of the three refused questions was sent once')
  },
)

t.test('[CLIENT3] after an abort by the caller, the question is not sent again', async (t) => {
  const aborting = new AbortController()
  const { client } = await startSignedIn(t, ({ path }) => {
    if (path !== '/api/engineer-chat/send') return undefined
    aborting.abort(new Error('aborted by the caller'))
    return { status: 503, body: createProblem(503, 'unavailable'), headers: { 'retry-after': '20' } }
  })
  await t.rejects(client.sendQuestion({ event_id: ROOM, message: 'What now?' }, { signal: aborting.signal }), {
    message: 'aborted by the caller',
  })
})

t.test(
  '[CLIENT4] a refusal by the server or by a proxy is an ApiProblem, and no response is a ConnectionFailedError',
  async (t) => {
    const { client } = await startSignedIn(t, ({ path }) => {
      if (path.endsWith('/missing')) return { status: 404, body: createProblem(404, 'event_not_found') }
      if (path.endsWith('/proxy')) return { status: 504, body: 'timed out' }
      return path.endsWith('/unreachable') ? 'cut' : undefined
    })
    await t.rejects(client.getEvent('missing'), new ApiProblem(createProblem(404, 'event_not_found')))
    await t.rejects(client.getEvent('proxy'), { name: 'ApiProblem', code: 'unavailable', status: 504 })
    await t.rejects(client.getEvent('unreachable'), {
      name: 'ConnectionFailedError',
      message: 'The server could not be reached.',
    })
  },
)

t.test('[CLIENT4] ids and query parameters are escaped', async (t) => {
  const { client, server } = await startSignedIn(t, () => undefined)
  await client.listMessages('a/../b?c', { before: 7 })
  const { path, query } = server.requests.at(-1) as ReceivedRequest
  t.equal(path, '/api/events/a%2F..%2Fb%3Fc/messages')
  t.equal(`${query}`, 'before=7')
})

t.test(
  '[CLIENT17] a recording is sent unchanged, sound is returned complete, and a refusal is an ApiProblem',
  async (t) => {
    let isRefused = false
    const { client, listRequests } = await startSignedIn(t, ({ path, body }) => {
      if (isRefused) return { status: 501, body: createProblem(501, 'voice_not_configured') }
      if (path.endsWith('/transcriptions')) return { body: { text: '隔离主机' } }
      if (path.endsWith('/speech') && (body as { part?: number }).part) return { status: 204 }
      if (path.endsWith('/speech')) return { body: Buffer.from('ID3 sound'), headers: { 'content-type': 'audio/mpeg' } }
      return undefined
    })
    const recording = new Blob([Buffer.from('opus \xff\0', 'latin1')], { type: 'audio/webm;codecs=opus' })
    t.strictSame(await client.transcribe(recording, { language: 'zh' }), { text: '隔离主机' })
    const [upload] = listRequests('/api/engineer-chat/transcriptions')
    t.match(upload, { method: 'POST', headers: { 'content-type': 'audio/webm;codecs=opus' } })
    t.equal(`${upload?.query}`, 'language=zh')
    t.strictSame(upload?.body, Buffer.from('opus \xff\0', 'latin1'))

    const sound = await client.speak({ text: 'Isolate it.', voice: 'nova' })
    t.equal(sound?.type, 'audio/mpeg')
    t.equal(await sound?.text(), 'ID3 sound')
    t.equal(await client.speak({ text: 'Isolate it.', part: 1 }), null, 'there is no second part')
    t.strictSame(listRequests('/api/engineer-chat/speech')[0]?.body, { text: 'Isolate it.', voice: 'nova' })

    isRefused = true
    await t.rejects(client.transcribe(recording), { name: 'ApiProblem', code: 'voice_not_configured' })
    await t.rejects(client.speak({ text: 'x' }), { name: 'ApiProblem', code: 'voice_not_configured' })
  },
)

t.test('[CLIENT17] an abort by the caller ends the request for speech', async (t) => {
  const aborting = new AbortController()
  const { client } = await startSignedIn(t, ({ path }) => {
    if (path.endsWith('/speech')) aborting.abort(new Error('aborted by the caller'))
    return undefined
  })
  await t.rejects(client.speak({ text: 'x' }, { signal: aborting.signal }), { message: 'aborted by the caller' })
})

t.test('[CLIENT17] an abort by the caller while the response is read is no lost connection', async (t) => {
  let aborting = new AbortController()
  const signIn = createSignInResponder()
  const server = await startFakeServer((request) => signIn(request) ?? { body: {} })
  t.teardown(() => server.close())
  const client = createClient({
    baseUrl: server.baseUrl,
    fetch: async (url, init) => {
      if (`${url}`.includes('/api/auth/')) return fetch(url, init)
      aborting.abort(new Error('aborted by the caller'))
      return new Response(new ReadableStream({ start: (controller) => controller.error(aborting.signal.reason) }))
    },
  })
  await client.login('alice', 'a-password')
  const reason = { message: 'aborted by the caller' }
  await t.rejects(client.transcribe(new Blob(['opus']), { signal: aborting.signal }), reason)
  aborting = new AbortController()
  await t.rejects(client.searchDocuments({ q: 'beacon' }, aborting.signal), reason)
})
