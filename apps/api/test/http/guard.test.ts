import type { AddressInfo } from 'node:net'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { LocalRateCounters } from '../../src/http/local-rate-counters.ts'
import { createCaller, createHarness, type HarnessOptions, PASSWORD } from '../harness.ts'
import { isProblem } from '../problems.ts'
import { openSocketClient } from '../sockets/socket-client.ts'

/** What nodes share, and can lose. */
function createCounters(): SharedRateCounters & { away: boolean } {
  const kept = new LocalRateCounters()
  return {
    away: false,
    async increment(key, windowMs) {
      return this.away ? undefined : kept.increment(key, windowMs)
    },
  }
}

async function startNodes(t: Test, env: HarnessOptions['env']) {
  const shared = createCounters()
  const stores = createMemoryStores()
  const [one, two] = [
    await createHarness({ stores, env, deps: { rateCounters: shared } }),
    await createHarness({ stores, env, deps: { rateCounters: shared } }),
  ]
  t.teardown(() => Promise.all([one.close(), two.close()]))
  return { shared, one, two }
}

const login = (harness: Awaited<ReturnType<typeof createHarness>>, username: string, more: object = {}) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password: 'guess' }, ...more })

t.test('[GUARD1] all nodes share one limit', async (t) => {
  const { one, two } = await startNodes(t, { RATE_LIMIT_SENDS_PER_MINUTE: '2' })
  const alice = await one.signUp('alice')
  const elsewhere = createCaller(two.app, alice.user_id, alice.token)
  const body = { event_id: await one.createEvent(alice), message: 'hi', client_message_id: 'k' }
  const send = (who: typeof alice, more = {}) => who.call('POST', '/api/engineer-chat/send', { ...body, ...more })
  t.equal((await send(alice)).headers['ratelimit-remaining'], '1')
  t.equal((await send(elsewhere, { client_message_id: 'k2' })).headers['ratelimit-remaining'], '0')
  const refused = await send(alice, { client_message_id: 'k3' })
  isProblem(t, refused, 429, 'rate_limited')
  t.match(refused.headers, { 'retry-after': /^\d+$/, 'ratelimit-limit': '2', 'ratelimit-remaining': '0' })
  t.equal((await send(elsewhere)).statusCode, 200, 'what was stored is answered before every limit')
})

t.test('[GUARD2] while the shared counters are down, each node limits by its own counters', async (t) => {
  const { shared, one, two } = await startNodes(t, { RATE_LIMIT_REQUESTS_PER_MINUTE: '2' })
  const alice = await one.signUp('alice')
  const elsewhere = createCaller(two.app, alice.user_id, alice.token)
  shared.away = true
  const readMe = async (who: typeof alice) => (await who.call('GET', '/api/auth/me')).statusCode
  t.same([await readMe(alice), await readMe(alice), await readMe(alice)], [200, 200, 429])
  t.equal(await readMe(elsewhere), 200, 'another node knows nothing of it')
  shared.away = false
  t.equal(await readMe(alice), 200)
})

t.test('[GUARD2] a node’s own counters are bounded, and start from zero in the next window', (t) => {
  const clock = { now: 0 }
  const local = new LocalRateCounters(() => clock.now)
  t.same(
    [local.increment('a', 10), local.increment('a', 10)].map(({ used }) => used),
    [1, 2],
  )
  clock.now = 10
  t.equal(local.increment('a', 10).used, 1)
  for (let i = 0; i < 20_000; i += 1) local.increment(`made-up-${i}`, 10)
  t.equal(local.increment('a', 10).used, 1, 'the oldest went first')
  t.end()
})

t.test('[GUARD3] logins are throttled by name and address over all nodes', async (t) => {
  const { one, two } = await startNodes(t, { RATE_LIMIT_LOGINS_PER_MINUTE: '2' })
  isProblem(t, await login(one, 'alice'), 401, 'unauthorized')
  isProblem(t, await login(two, 'alice'), 401, 'unauthorized')
  isProblem(t, await login(one, 'alice'), 429, 'rate_limited')
  isProblem(t, await login(two, 'bob'), 401, 'unauthorized')
})

t.test(
  '[GUARD4] requests without a valid token are limited by address, and signed-in users at that address are not',
  async (t) => {
    const { one } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '3' })
    const alice = await one.signUp('alice') // Her login is the first request that counts.
    const stranger = () => one.app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer made.up.token' } })
    isProblem(t, await stranger(), 401, 'unauthorized')
    isProblem(t, await one.app.inject({ method: 'POST', url: '/api/auth/refresh' }), 401, 'unauthorized')
    const refused = await stranger()
    isProblem(t, refused, 429, 'rate_limited')
    t.ok(Number(refused.headers['retry-after']) > 0)
    isProblem(t, await login(one, 'bob'), 429, 'rate_limited')
    t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
    const elsewhere = await one.app.inject({ url: '/api/auth/me', remoteAddress: '127.0.0.9' })
    isProblem(t, elsewhere, 401, 'unauthorized')
  },
)

t.test('[GUARD4] requests without a sign-in do not stop the refreshes of users at the same address', async (t) => {
  const { one } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '3' })
  await one.signUp('alice') // Her login is the first request that counts.
  const signedIn = await login(one, 'alice', { payload: { username: 'alice', password: PASSWORD } })
  const refresh = (cookie: string) =>
    one.app.inject({ method: 'POST', url: '/api/auth/refresh', headers: { cookie: `refresh_token=${cookie}` } })
  const answers = [await refresh('made-up'), await refresh('made-up'), await refresh('made-up')]
  t.match(
    answers.map(({ statusCode }) => statusCode),
    [401, 401, 429],
  )
  const cookie = signedIn.cookies.find(({ name }) => name === 'refresh_token')?.value ?? ''
  t.equal((await refresh(cookie)).statusCode, 200)
})

t.test('[GUARD4] sockets without a good token or ticket count for the address, and good ones don’t', async (t) => {
  const harness = await createHarness({ env: { RATE_LIMIT_ADDRESS_PER_MINUTE: '3' } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice') // Her login is the first request that counts.
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const url = `ws://127.0.0.1:${(harness.app.server.address() as AddressInfo).port}/ws`
  const readCloseCode = async (path: string, headers: Record<string, string>) =>
    (await openSocketClient(t, `${url}${path}`, headers).closed).code
  t.equal(await readCloseCode('', { authorization: 'Bearer made.up.token' }), 4401)
  t.equal(await readCloseCode('?ticket=made-up', {}), 4401)
  t.equal(await readCloseCode('?ticket=made-up', {}), 4429)
  t.equal(await readCloseCode('', {}), 4429)
  isProblem(t, await login(harness, 'bob'), 429, 'rate_limited', 'one limit for both ways in')
  await openSocketClient(t, url, { authorization: `Bearer ${alice.token}` }).next('hello')
})

t.test('[GUARD8] an IPv6 address counts by its /64, and IPv4 in the form of IPv6 is IPv4', async (t) => {
  const { one, two } = await startNodes(t, { RATE_LIMIT_LOGINS_PER_MINUTE: '2', ALLOW_PLAIN_HTTP_SIGN_IN: 'true' })
  const statuses = async (username: string, addresses: string[]) => {
    const answers: number[] = []
    for (const [i, remoteAddress] of addresses.entries()) {
      answers.push((await login(i % 2 ? two : one, username, { remoteAddress })).statusCode)
    }
    return answers
  }
  const sameNetwork = ['2001:db8:0:7::1', '2001:db8:0:7:ffff:1:2:3', '2001:DB8:0000:0007:8000::']
  t.same(await statuses('alice', sameNetwork), [401, 401, 429])
  t.same(await statuses('alice', ['2001:db8:0:8::1']), [401], 'the next network')
  t.same(await statuses('bob', ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201']), [401, 401, 429])
  t.same(await statuses('bob', ['::ffff:192.0.2.2']), [401], 'each IPv4 address counts for itself')
})

t.test('[GUARD8] bad tokens and sockets count by the network as well', async (t) => {
  const { one } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '2' })
  const stranger = (remoteAddress: string) =>
    one.app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer made.up.token' }, remoteAddress })
  for (const last of ['1', 'a:b:c:d']) isProblem(t, await stranger(`2001:db8::${last}`), 401, 'unauthorized')
  isProblem(t, await stranger('2001:db8::2'), 429, 'rate_limited')
  isProblem(t, await stranger('2001:db8:0:1::2'), 401, 'unauthorized')
})

t.test('[GUARD8] a proxy is trusted in either form, and its client stands in the audit in one form', async (t) => {
  const harness = await createHarness({ env: { TRUSTED_PROXIES: '10.0.0.0/8,::ffff:192.0.2.1' } })
  t.teardown(() => harness.close())
  const forwarded: Array<[proxy: string, client: string]> = [
    ['::ffff:10.1.2.3', '::ffff:203.0.113.7'],
    ['10.1.2.3', '203.0.113.7:4711'],
    ['192.0.2.1', '[2001:DB8:0::7]:443'],
    ['::ffff:192.0.2.1', '2001:db8::7'],
  ]
  for (const [remoteAddress, client] of forwarded) {
    const headers = { 'x-forwarded-for': client, 'x-forwarded-proto': 'https' }
    isProblem(t, await login(harness, 'alice', { remoteAddress, headers }), 401, 'unauthorized', remoteAddress)
  }
  const { items } = await harness.stores.audit.list({ limit: 10, action: 'login_failed' })
  t.same(
    items.map(({ address }) => address),
    ['2001:db8::7', '2001:db8::7', '203.0.113.7', '203.0.113.7'],
  )
})

t.test('[GUARD5] a login by plain http is refused except on loopback', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const refresh = (more: object) => harness.app.inject({ method: 'POST', url: '/api/auth/refresh', ...more })
  for (const remoteAddress of ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1']) {
    isProblem(t, await login(harness, 'alice', { remoteAddress }), 403, 'forbidden', remoteAddress)
    isProblem(t, await refresh({ remoteAddress }), 403, 'forbidden', remoteAddress)
  }
  for (const remoteAddress of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
    isProblem(t, await login(harness, 'alice', { remoteAddress }), 401, 'unauthorized', remoteAddress)
  }
  for (const headers of [
    { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'https' },
    { forwarded: 'for=10.0.0.1' },
  ]) {
    isProblem(
      t,
      await login(harness, 'alice', { headers }),
      403,
      'forbidden',
      'a proxy that nobody named speaks for others',
    )
  }
})

t.test('[GUARD5] a new password by plain http is refused except on loopback', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const admin = await harness.signUp('root', 'admin')
  const send = (method: 'POST' | 'PATCH', url: string, payload: object) =>
    harness.app.inject({
      method,
      url,
      payload,
      remoteAddress: '10.0.0.1',
      headers: { authorization: `Bearer ${admin.token}` },
    })
  const password = 'a long enough passphrase'
  for (const [method, url, payload] of [
    ['POST', '/api/auth/password', { current_password: PASSWORD, new_password: password }],
    ['POST', '/api/users', { username: 'bob', password, role: 'engineer' }],
    ['PATCH', `/api/users/${admin.user_id}`, { password, your_password: PASSWORD }],
  ] as const) {
    isProblem(t, await send(method, url, payload), 403, 'forbidden', url)
  }
})

t.test('[GUARD5] a trusted proxy states the protocol, and a setting allows plain http', async (t) => {
  const harness = await createHarness({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => harness.close())
  const createRequest = (proto: string) => ({
    headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': proto },
  })
  isProblem(t, await login(harness, 'alice', createRequest('https')), 401, 'unauthorized')
  isProblem(t, await login(harness, 'alice', createRequest('http')), 403, 'forbidden')
  const spoofed = {
    remoteAddress: '10.0.0.1',
    headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' },
  }
  isProblem(
    t,
    await login(harness, 'alice', spoofed),
    403,
    'forbidden',
    'who is no proxy of ours says nothing of itself',
  )
  const allowed = await createHarness({ env: { ALLOW_PLAIN_HTTP_SIGN_IN: 'true' } })
  t.teardown(() => allowed.close())
  isProblem(t, await login(allowed, 'alice', { remoteAddress: '10.0.0.1' }), 401, 'unauthorized')
})

t.test('[GUARD6] the signing key can be changed without ending sign-ins', async (t) => {
  const stores = createMemoryStores()
  const [old, next] = ['an-old-key-of-thirty-two-characters-or-so', 'the-next-key-of-thirty-two-characters-or-so']
  const before = await createHarness({ stores, env: { JWT_SECRET_KEY: old } })
  const during = await createHarness({ stores, env: { JWT_SECRET_KEY: next, JWT_PREVIOUS_SECRET_KEYS: old } })
  const after = await createHarness({ stores, env: { JWT_SECRET_KEY: next } })
  t.teardown(() => Promise.all([before.close(), during.close(), after.close()]))
  const alice = await before.signUp('alice')
  const bob = await during.signUp('bob')
  const me = async (harness: typeof before, who: typeof alice) =>
    (await createCaller(harness.app, who.user_id, who.token).call('GET', '/api/auth/me')).statusCode
  t.same([await me(during, alice), await me(after, alice)], [200, 401], 'good until the key is dropped')
  t.same([await me(before, bob), await me(after, bob)], [401, 200], 'the old key signs nothing any more')
  const expired = during.app.jwt.sign(
    { sub: alice.user_id, sid: 's' },
    { key: old, expiresIn: '1ms', iss: 'x', aud: 'y' },
  )
  t.equal(await me(during, { ...alice, token: expired }), 401, 'all else is as strict as ever')
})
