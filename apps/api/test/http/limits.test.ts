import t from 'tap'
import { createHarness } from '../harness.ts'
import { checkProblem } from '../problems.ts'

t.test('[LIMIT1] each user has a separate limit of sends, which the standard headers report', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_SENDS_PER_MINUTE: '2' } })
  t.teardown(() => harness.close())
  const [alice, bob] = [await harness.signUp('alice'), await harness.signUp('bob')]
  const body = { event_id: await harness.createEvent(alice), message: 'hi' }
  const send = (caller = alice) => caller.call('POST', '/api/engineer-chat/send', body)
  t.match((await send()).headers, { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': /^\d+$/ })
  t.equal((await send()).headers['ratelimit-remaining'], '0')
  const refused = await send()
  checkProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0 && Number(refused.headers['retry-after']) <= 60)
  t.equal((await send(bob)).statusCode, 200)
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200, 'other requests have a separate count')
})

t.test('[LIMIT2] a repeated send is answered even over the limit', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_SENDS_PER_MINUTE: '1' } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const send = (message: string, client_message_id: string) =>
    alice.call('POST', '/api/engineer-chat/send', { event_id, message, client_message_id })
  const first = (await send('hi', 'k-1')).json()
  const repeatedSend = await send('hi', 'k-1')
  t.equal(repeatedSend.statusCode, 200, repeatedSend.body)
  t.same(repeatedSend.json().user_message, first.user_message)
  checkProblem(t, await send('other', 'k-1'), 422, 'idempotency_mismatch', 'the same key with another text')
  checkProblem(t, await send('hi', 'k-2'), 429, 'rate_limited')
})

t.test('[LIMIT3] all requests of a user whose routes have no separate limit share one limit', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_REQUESTS_PER_MINUTE: '2' } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
  t.equal((await alice.call('GET', '/api/events')).statusCode, 200)
  const refused = await alice.call('GET', '/api/engineer-chat/models')
  checkProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
})

t.test('[LIMIT4] a name gets at most ten logins a minute from one address', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  await harness.signUp('alice')
  // The login of `signUp` came from 127.0.0.1, so this address is a known network of alice. This test uses others.
  const login = (username: string, remoteAddress = '127.0.0.3') =>
    harness.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: { username, password: 'guess' },
      remoteAddress,
    })
  for (let i = 0; i < 10; i++) checkProblem(t, await login('alice'), 401, 'unauthorized')
  const refused = await login('alice')
  checkProblem(t, refused, 429, 'rate_limited')
  t.ok(Number(refused.headers['retry-after']) > 0)
  checkProblem(t, await login('alice', '127.0.0.2'), 401, 'unauthorized', 'another address')
  checkProblem(t, await login('bob'), 401, 'unauthorized', 'another name')
})

t.test('[LIMIT5] RATE_LIMIT_ENABLED=false switches the rate limits off, but not the size limits', async (t) => {
  const env = { RATE_LIMIT_ENABLED: 'false', RATE_LIMIT_SENDS_PER_MINUTE: '1', RATE_LIMIT_REQUESTS_PER_MINUTE: '1' }
  const harness = await createHarness({ env })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  for (let i = 0; i < 3; i++) {
    const response = await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' })
    t.equal(response.statusCode, 200)
    t.equal(response.headers['ratelimit-limit'], undefined)
    t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
  }
  const large = await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'x'.repeat(600_000) })
  checkProblem(t, large, 413, 'payload_too_large')
})
