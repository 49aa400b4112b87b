import type { AddressInfo } from 'node:net'
import type { SharedRateCounters } from '@engineer-chat/chat/operations'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { LocalRateCounters } from '../../src/http/local-rate-counters.ts'
import { createCaller, createHarness, type Harness, type HarnessOptions, PASSWORD } from '../harness.ts'
import { checkProblem } from '../problems.ts'
import { openSocketClient } from '../sockets/socket-client.ts'

/** Creates the counters that all nodes share. A test can make them unreachable. */
function createCounters(): SharedRateCounters & { isDown: boolean } {
  const counters = new LocalRateCounters()
  return {
    isDown: false,
    async increment(key, windowMs) {
      return this.isDown ? undefined : counters.increment(key, windowMs)
    },
  }
}

async function startNodes(t: Test, env: HarnessOptions['env']) {
  const shared = createCounters()
  const stores = createMemoryStores()
  const [nodeA, nodeB] = [
    await createHarness({ stores, env, deps: { rateCounters: shared } }),
    await createHarness({ stores, env, deps: { rateCounters: shared } }),
  ]
  t.teardown(() => Promise.all([nodeA.close(), nodeB.close()]))
  return { shared, nodeA, nodeB }
}

/** Sends a login, with a wrong password unless `options` replace the body. */
const login = (harness: Harness, username: string, options: object = {}) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password: 'guess' }, ...options })

t.test('[GUARD1] all nodes count the sends of a user together', async (t) => {
  const { nodeA, nodeB } = await startNodes(t, { RATE_LIMIT_SENDS_PER_MINUTE: '2' })
  const alice = await nodeA.signUp('alice')
  const aliceAtNodeB = createCaller(nodeB.app, alice.user_id, alice.token)
  const body = { event_id: await nodeA.createEvent(alice), message: 'hi', client_message_id: 'k' }
  const send = (caller: typeof alice, fields = {}) =>
    caller.call('POST', '/api/engineer-chat/send', { ...body, ...fields })
  t.equal((await send(alice)).headers['ratelimit-remaining'], '1')
  t.equal((await send(aliceAtNodeB, { client_message_id: 'k2' })).headers['ratelimit-remaining'], '0')
  const refused = await send(alice, { client_message_id: 'k3' })
  checkProblem(t, refused, 429, 'rate_limited')
  t.match(refused.headers, { 'retry-after': /^\d+$/, 'ratelimit-limit': '2', 'ratelimit-remaining': '0' })
  t.equal((await send(aliceAtNodeB)).statusCode, 200, 'a repeated question is answered before any limit')
})

t.test('[GUARD2] while the shared counters are down, each node limits by its own counters', async (t) => {
  const { shared, nodeA, nodeB } = await startNodes(t, { RATE_LIMIT_REQUESTS_PER_MINUTE: '2' })
  const alice = await nodeA.signUp('alice')
  const aliceAtNodeB = createCaller(nodeB.app, alice.user_id, alice.token)
  shared.isDown = true
  const readMe = async (caller: typeof alice) => (await caller.call('GET', '/api/auth/me')).statusCode
  t.same([await readMe(alice), await readMe(alice), await readMe(alice)], [200, 200, 429])
  t.equal(await readMe(aliceAtNodeB), 200, 'another node has its own count')
  shared.isDown = false
  t.equal(await readMe(alice), 200, 'the shared counters have not counted the requests above')
})

t.test('[GUARD2] the number of a node’s own counters is limited, and each starts from zero in the next window', (t) => {
  const clock = { now: 0 }
  const local = new LocalRateCounters(() => clock.now)
  t.same(
    [local.increment('a', 10), local.increment('a', 10)].map(({ used }) => used),
    [1, 2],
  )
  clock.now = 10
  t.equal(local.increment('a', 10).used, 1)
  // A node keeps 20,000 counts.
  for (let i = 0; i < 20_000; i += 1) local.increment(`made-up-${i}`, 10)
  t.equal(local.increment('a', 10).used, 1, 'the oldest count was removed first')
  t.end()
})

t.test('[GUARD3] logins with one name from one address are limited, and all nodes share this limit', async (t) => {
  const { nodeA, nodeB } = await startNodes(t, { RATE_LIMIT_LOGINS_PER_MINUTE: '2' })
  checkProblem(t, await login(nodeA, 'alice'), 401, 'unauthorized')
  checkProblem(t, await login(nodeB, 'alice'), 401, 'unauthorized')
  checkProblem(t, await login(nodeA, 'alice'), 429, 'rate_limited')
  checkProblem(t, await login(nodeB, 'bob'), 401, 'unauthorized')
})

t.test(
  '[GUARD4] requests without a valid token are limited by address, and signed-in users at that address are not',
  async (t) => {
    const { nodeA } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '3' })
    const alice = await nodeA.signUp('alice') // Her login is the first request that counts.
    const sendBadToken = () =>
      nodeA.app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer made.up.token' } })
    checkProblem(t, await sendBadToken(), 401, 'unauthorized')
    checkProblem(t, await nodeA.app.inject({ method: 'POST', url: '/api/auth/refresh' }), 401, 'unauthorized')
    const refused = await sendBadToken()
    checkProblem(t, refused, 429, 'rate_limited')
    t.ok(Number(refused.headers['retry-after']) > 0)
    checkProblem(t, await login(nodeA, 'bob'), 429, 'rate_limited')
    t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
    const fromOtherAddress = await nodeA.app.inject({ url: '/api/auth/me', remoteAddress: '127.0.0.9' })
    checkProblem(t, fromOtherAddress, 401, 'unauthorized')
  },
)

t.test('[GUARD4] requests without a sign-in do not stop the refreshes of users at the same address', async (t) => {
  const { nodeA } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '3' })
  await nodeA.signUp('alice') // Her login is the first request that counts.
  // Her network is known now, so this login does not count.
  const signedIn = await login(nodeA, 'alice', { payload: { username: 'alice', password: PASSWORD } })
  const refresh = (cookie: string) =>
    nodeA.app.inject({ method: 'POST', url: '/api/auth/refresh', headers: { cookie: `refresh_token=${cookie}` } })
  const answers = [await refresh('made-up'), await refresh('made-up'), await refresh('made-up')]
  t.match(
    answers.map(({ statusCode }) => statusCode),
    [401, 401, 429],
  )
  const cookie = signedIn.cookies.find(({ name }) => name === 'refresh_token')?.value ?? ''
  t.equal((await refresh(cookie)).statusCode, 200)
})

t.test('[GUARD4] only sockets without a valid token or ticket count towards the limit of their address', async (t) => {
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
  checkProblem(t, await login(harness, 'bob'), 429, 'rate_limited', 'sockets and logins share one limit')
  await openSocketClient(t, url, { authorization: `Bearer ${alice.token}` }).next('hello')
})

t.test('[GUARD8] IPv6 addresses are counted by their /64, and IPv4-mapped IPv6 addresses as IPv4', async (t) => {
  const { nodeA, nodeB } = await startNodes(t, { RATE_LIMIT_LOGINS_PER_MINUTE: '2', ALLOW_PLAIN_HTTP_SIGN_IN: 'true' })
  /** Logs in from each address, at the two nodes in turn. */
  const readStatuses = async (username: string, addresses: string[]) => {
    const statuses: number[] = []
    for (const [index, remoteAddress] of addresses.entries()) {
      const node = index % 2 === 0 ? nodeA : nodeB
      statuses.push((await login(node, username, { remoteAddress })).statusCode)
    }
    return statuses
  }
  const sameNetwork = ['2001:db8:0:7::1', '2001:db8:0:7:ffff:1:2:3', '2001:DB8:0000:0007:8000::']
  t.same(await readStatuses('alice', sameNetwork), [401, 401, 429])
  t.same(await readStatuses('alice', ['2001:db8:0:8::1']), [401], 'a different network')
  // `c000:201` is 192.0.2.1 in hexadecimal.
  t.same(await readStatuses('bob', ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201']), [401, 401, 429])
  t.same(await readStatuses('bob', ['::ffff:192.0.2.2']), [401], 'each IPv4 address has its own count')
})

t.test('[GUARD8] requests with a bad token are counted by the /64 network of their address', async (t) => {
  const { nodeA } = await startNodes(t, { RATE_LIMIT_ADDRESS_PER_MINUTE: '2' })
  const sendBadToken = (remoteAddress: string) =>
    nodeA.app.inject({ url: '/api/auth/me', headers: { authorization: 'Bearer made.up.token' }, remoteAddress })
  for (const hostPart of ['1', 'a:b:c:d'])
    checkProblem(t, await sendBadToken(`2001:db8::${hostPart}`), 401, 'unauthorized')
  checkProblem(t, await sendBadToken('2001:db8::2'), 429, 'rate_limited')
  checkProblem(t, await sendBadToken('2001:db8:0:1::2'), 401, 'unauthorized')
})

t.test(
  '[GUARD8] a trusted proxy may be given as IPv4 or mapped IPv6, and the audit has a canonical client address',
  async (t) => {
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
      checkProblem(t, await login(harness, 'alice', { remoteAddress, headers }), 401, 'unauthorized', remoteAddress)
    }
    const { items } = await harness.stores.audit.list({ limit: 10, action: 'login_failed' })
    t.same(
      items.map(({ address }) => address),
      ['2001:db8::7', '2001:db8::7', '203.0.113.7', '203.0.113.7'],
      'the newest first, each without its port',
    )
  },
)

t.test('[GUARD5] a login or a refresh by plain http is refused except on loopback', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const refresh = (options: object) => harness.app.inject({ method: 'POST', url: '/api/auth/refresh', ...options })
  for (const remoteAddress of ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1']) {
    checkProblem(t, await login(harness, 'alice', { remoteAddress }), 403, 'forbidden', remoteAddress)
    checkProblem(t, await refresh({ remoteAddress }), 403, 'forbidden', remoteAddress)
  }
  for (const remoteAddress of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) {
    checkProblem(t, await login(harness, 'alice', { remoteAddress }), 401, 'unauthorized', remoteAddress)
  }
  for (const headers of [
    { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'https' },
    { forwarded: 'for=10.0.0.1' },
  ]) {
    checkProblem(
      t,
      await login(harness, 'alice', { headers }),
      403,
      'forbidden',
      'the request comes through a proxy that is not trusted',
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
    checkProblem(t, await send(method, url, payload), 403, 'forbidden', url)
  }
})

t.test('[GUARD5] a trusted proxy says whether https was used, and a setting allows plain http', async (t) => {
  const harness = await createHarness({ env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.teardown(() => harness.close())
  const createForwardedHeaders = (proto: string) => ({
    headers: { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': proto },
  })
  checkProblem(t, await login(harness, 'alice', createForwardedHeaders('https')), 401, 'unauthorized')
  checkProblem(t, await login(harness, 'alice', createForwardedHeaders('http')), 403, 'forbidden')
  const spoofed = {
    remoteAddress: '10.0.0.1',
    headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' },
  }
  checkProblem(
    t,
    await login(harness, 'alice', spoofed),
    403,
    'forbidden',
    'the headers of an untrusted proxy are ignored',
  )
  const allowed = await createHarness({ env: { ALLOW_PLAIN_HTTP_SIGN_IN: 'true' } })
  t.teardown(() => allowed.close())
  checkProblem(t, await login(allowed, 'alice', { remoteAddress: '10.0.0.1' }), 401, 'unauthorized')
})

t.test('[GUARD6] the signing key can be changed without ending sign-ins', async (t) => {
  const stores = createMemoryStores()
  const [oldKey, newKey] = ['an-old-key-of-thirty-two-characters-or-so', 'the-next-key-of-thirty-two-characters-or-so']
  const oldKeyNode = await createHarness({ stores, env: { JWT_SECRET_KEY: oldKey } })
  const bothKeysNode = await createHarness({
    stores,
    env: { JWT_SECRET_KEY: newKey, JWT_PREVIOUS_SECRET_KEYS: oldKey },
  })
  const newKeyNode = await createHarness({ stores, env: { JWT_SECRET_KEY: newKey } })
  t.teardown(() => Promise.all([oldKeyNode.close(), bothKeysNode.close(), newKeyNode.close()]))
  const alice = await oldKeyNode.signUp('alice')
  const bob = await bothKeysNode.signUp('bob')
  const readMe = async (harness: Harness, caller: typeof alice) =>
    (await createCaller(harness.app, caller.user_id, caller.token).call('GET', '/api/auth/me')).statusCode
  t.same(
    [await readMe(bothKeysNode, alice), await readMe(newKeyNode, alice)],
    [200, 401],
    'a token is valid until its key is removed',
  )
  t.same(
    [await readMe(oldKeyNode, bob), await readMe(newKeyNode, bob)],
    [401, 200],
    'the old key does not sign new tokens',
  )
  // The old key signed this token, but it has expired, and its issuer and audience are wrong.
  const invalidToken = bothKeysNode.app.jwt.sign(
    { sub: alice.user_id, sid: 's' },
    { key: oldKey, expiresIn: '1ms', iss: 'x', aud: 'y' },
  )
  t.equal(await readMe(bothKeysNode, { ...alice, token: invalidToken }), 401, 'all other checks still apply')
})
