import { createHmac } from 'node:crypto'
import { createArgon2Passwords, type Passwords } from '@engineer-chat/chat/people'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import type { AccessGrant } from '@engineer-chat/protocol'
import type { LightMyRequestResponse as Response } from 'fastify'
import t, { type Test } from 'tap'
import { createCaller, createHarness, type Harness, PASSWORD, SECRET } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const login = (harness: Harness, username: string, password: string = PASSWORD, headers = {}) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password }, headers })
const refresh = (harness: Harness, cookie: string | undefined, headers = {}) =>
  harness.app.inject({
    method: 'POST',
    url: '/api/auth/refresh',
    headers: { ...(cookie === undefined ? {} : { cookie: `refresh_token=${cookie}` }), ...headers },
  })
const findRefreshCookie = (response: Response) => response.cookies.find(({ name }) => name === 'refresh_token')

async function startWithAlice(t: Test, options = {}): Promise<Harness> {
  const harness = await createHarness(options)
  t.teardown(() => harness.close())
  await harness.signUp('alice')
  return harness
}

t.test(
  '[SIGN1] a login returns a bearer token and the user, and sets a cookie that scripts and other sites cannot read',
  async (t) => {
    const harness = await startWithAlice(t)
    const response = await login(harness, 'alice')
    const grant: AccessGrant = response.json()
    t.match(grant, {
      token_type: 'Bearer',
      expires_in: 900,
      user: { username: 'alice', role: 'engineer', active: true },
    })
    t.notMatch(response.body, 'password')
    t.match(findRefreshCookie(response), { httpOnly: true, sameSite: 'Strict', path: '/api/auth', maxAge: 30 * 86_400 })
    t.notOk(findRefreshCookie(response)?.secure, 'over plain http a Secure cookie would be lost')
    const me = await createCaller(harness.app, grant.user.user_id, grant.access_token).call('GET', '/api/auth/me')
    t.same(me.json(), grant.user)
  },
)

t.test('[SIGN1] the cookie is Secure behind a trusted proxy that uses https', async (t) => {
  const harness = await startWithAlice(t, { env: { TRUSTED_PROXIES: '127.0.0.1' } })
  t.ok(findRefreshCookie(await login(harness, 'alice', PASSWORD, { 'x-forwarded-proto': 'https' }))?.secure)
  const plain = await startWithAlice(t)
  t.notOk(
    findRefreshCookie(await login(plain, 'alice', PASSWORD, { 'x-forwarded-proto': 'https' }))?.secure,
    'the header of an untrusted proxy is ignored',
  )
})

t.test('[SIGN2] an unknown name, a wrong password and an inactive user get the same response', async (t) => {
  const harness = await startWithAlice(t)
  await harness.stores.users.update((await harness.signUp('bob')).user_id, { active: false })
  const answers = [
    await login(harness, 'nobody'),
    await login(harness, 'alice', 'wrong password'),
    await login(harness, 'bob'),
  ]
  const details = answers.map((response) => checkProblem(t, response, 401, 'unauthorized').detail)
  t.equal(new Set(details).size, 1)
})

t.test('[SIGN2] a login with an unknown name takes as long as one hash', async (t) => {
  const passwords = createArgon2Passwords()
  const hash = await passwords.hash(PASSWORD)
  t.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.equal(await passwords.verify(PASSWORD, hash), true)
  t.equal(await passwords.verify('wrong', hash), false)
  const measureLoginUs = async (storedHash: string | undefined) => {
    const start = process.cpuUsage()
    await passwords.verify(PASSWORD, storedHash)
    const { user, system } = process.cpuUsage(start)
    return user + system
  }
  const knownUs = await measureLoginUs(hash)
  const unknownUs = await measureLoginUs(undefined)
  // The CPU time of a hash varies, but without a hash it would be almost zero.
  t.ok(unknownUs > knownUs / 4, `${unknownUs} µs against ${knownUs} µs`)
  t.equal(await passwords.verify(PASSWORD, undefined), false)
})

t.test('[SIGN2] the login of an inactive user computes the same hashes as one with an unknown name', async (t) => {
  const hashes: Array<string | undefined> = []
  const passwords: Passwords = {
    hash: async (password) => password,
    async verify(password, hash) {
      hashes.push(hash)
      return password === hash
    },
  }
  const harness = await createHarness({ deps: { passwords } })
  t.teardown(() => harness.close())
  await harness.stores.users.update((await harness.signUp('bob')).user_id, { active: false })
  const listVerifiedHashes = async (username: string, password: string) => {
    hashes.length = 0
    checkProblem(t, await login(harness, username, password), 401, 'unauthorized')
    return [...hashes]
  }
  t.strictSame(await listVerifiedHashes('nobody', PASSWORD), [undefined])
  t.strictSame(await listVerifiedHashes('bob', PASSWORD), [undefined])

  const decomposed = 'Käsebrötchen für Zoë'.normalize('NFD')
  await harness.stores.users.update('u-bob', { password_hash: decomposed.normalize('NFC') })
  t.strictSame(await listVerifiedHashes('nobody', decomposed), [undefined, undefined])
  t.strictSame(await listVerifiedHashes('bob', decomposed), [undefined, undefined])
})

t.test('[SIGN2] if too many hashes wait, further logins are refused', async (t) => {
  const passwords = createArgon2Passwords({ concurrency: 1, maxWaiting: 1 })
  const hashes = await Promise.allSettled([1, 2, 3].map(() => passwords.hash(PASSWORD)))
  t.same(hashes.map(({ status }) => status).sort(), ['fulfilled', 'fulfilled', 'rejected'])
  t.match(
    hashes.find(({ status }) => status === 'rejected'),
    { reason: { code: 'unavailable' } },
  )
})

t.test('[AUDIT2] a login that could not be checked is not logged as a refused one', async (t) => {
  const harness = await startWithAlice(t)
  const countRefusals = () => harness.log.filter(({ event }) => event === 'EngineerChat.sign_in_refused').length
  const { findCredentials } = harness.stores.users
  harness.stores.users.findCredentials = async () => {
    throw new Error('the database is gone')
  }
  checkProblem(t, await login(harness, 'alice'), 500, 'internal')
  t.equal(countRefusals(), 0)
  harness.stores.users.findCredentials = findCredentials
  checkProblem(t, await login(harness, 'alice', 'a guess'), 401, 'unauthorized')
  t.equal(countRefusals(), 1)
})

t.test('[SIGN3] a refresh replaces the token; a token that is used twice ends the whole sign-in', async (t) => {
  const harness = await startWithAlice(t)
  const first = await login(harness, 'alice')
  const used = findRefreshCookie(first)?.value
  const second = await refresh(harness, used)
  t.equal(second.statusCode, 200)
  t.not(findRefreshCookie(second)?.value, used)
  const alice = createCaller(harness.app, 'u-alice', second.json().access_token)
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)

  checkProblem(t, await refresh(harness, used), 401, 'unauthorized', 'the used token')
  checkProblem(
    t,
    await refresh(harness, findRefreshCookie(second)?.value),
    401,
    'unauthorized',
    'the token that replaced it',
  )
  checkProblem(t, await alice.call('GET', '/api/auth/me'), 401, 'unauthorized', 'the access token')
})

t.test('[SIGN3] a refresh requires the refresh cookie and an allowed origin, but no access token', async (t) => {
  const harness = await startWithAlice(t, { env: { ALLOWED_ORIGINS: 'https://warroom.example.org' } })
  checkProblem(t, await refresh(harness, undefined), 401, 'unauthorized', 'no cookie')
  const nonsense = await refresh(harness, 'nonsense')
  checkProblem(t, nonsense, 401, 'unauthorized', 'nonsense')
  t.equal(findRefreshCookie(nonsense)?.value, '', 'an invalid cookie is removed')
  const cookie = findRefreshCookie(await login(harness, 'alice'))?.value
  checkProblem(
    t,
    await refresh(harness, cookie, { origin: 'https://evil.example.org' }),
    403,
    'forbidden',
    'another site',
  )
  checkProblem(t, await refresh(harness, cookie, { origin: 'null' }), 403, 'forbidden', 'a sandboxed page')
  const refreshed = await refresh(harness, cookie, { host: 'here.example.org', origin: 'https://here.example.org' })
  t.equal(refreshed.statusCode, 200)
  t.equal(
    (await refresh(harness, findRefreshCookie(refreshed)?.value, { origin: 'https://warroom.example.org' })).statusCode,
    200,
  )
})

t.test(
  '[SIGN8] no token is valid longer than its sign-in, and after the maximum age the user must sign in again',
  async (t) => {
    const clock = { now: Date.now() }
    const harness = await startWithAlice(t, {
      stores: createMemoryStores({ now: () => clock.now }),
      env: { SIGN_IN_MAX_AGE: '1000', ACCESS_TOKEN_TTL: '300', REFRESH_TOKEN_TTL: '900' },
    })
    const first = await login(harness, 'alice')
    t.equal(first.json().expires_in, 300)
    t.equal(findRefreshCookie(first)?.maxAge, 900)
    clock.now += 800_000
    const second = await refresh(harness, findRefreshCookie(first)?.value)
    t.equal(second.json().expires_in, 200, 'the remaining time of the sign-in')
    t.equal(findRefreshCookie(second)?.maxAge, 200)
    const { exp, iat } = readClaims(second.json().access_token)
    t.equal(exp - iat, 200)
    clock.now += 200_000
    const third = await refresh(harness, findRefreshCookie(second)?.value)
    checkProblem(t, third, 401, 'unauthorized')
    t.equal(findRefreshCookie(third)?.value, '')
    t.equal((await login(harness, 'alice')).statusCode, 200)
  },
)

t.test('[SIGN8] if a sign-in may last only a minute, its tokens expire after a minute', async (t) => {
  const harness = await startWithAlice(t, { env: { SIGN_IN_MAX_AGE: '60' } })
  const response = await login(harness, 'alice')
  t.equal(response.json().expires_in, 60)
  t.equal(findRefreshCookie(response)?.maxAge, 60)
})

t.test('[SIGN4] a sign-out ends the token and the cookie of its sign-in, and no other sign-in', async (t) => {
  const harness = await startWithAlice(t)
  const [thisLogin, otherLogin] = [await login(harness, 'alice'), await login(harness, 'alice')]
  const alice = createCaller(harness.app, 'u-alice', thisLogin.json().access_token)
  const signedOut = await alice.call('POST', '/api/auth/logout')
  t.equal(signedOut.statusCode, 204)
  t.equal(findRefreshCookie(signedOut)?.value, '')
  checkProblem(t, await alice.call('GET', '/api/auth/me'), 401, 'unauthorized')
  checkProblem(t, await refresh(harness, findRefreshCookie(thisLogin)?.value), 401, 'unauthorized')
  const aliceElsewhere = createCaller(harness.app, 'u-alice', otherLogin.json().access_token)
  t.equal((await aliceElsewhere.call('GET', '/api/auth/me')).statusCode, 200)
})

t.test(
  '[SIGN7] signing out everywhere ends all sign-ins of the caller and no others, and adds an audit entry',
  async (t) => {
    const harness = await startWithAlice(t)
    const [thisLogin, otherLogin] = [await login(harness, 'alice'), await login(harness, 'alice')]
    const bob = await harness.signUp('bob')
    const [alice, aliceElsewhere] = [thisLogin, otherLogin].map((response) =>
      createCaller(harness.app, 'u-alice', response.json().access_token),
    )
    if (!alice || !aliceElsewhere) throw new Error('A sign-in is missing.')
    const signedOut = await alice.call('POST', '/api/auth/logout-everywhere')
    t.equal(signedOut.statusCode, 204)
    t.equal(findRefreshCookie(signedOut)?.value, '')
    for (const caller of [alice, aliceElsewhere])
      checkProblem(t, await caller.call('GET', '/api/auth/me'), 401, 'unauthorized')
    for (const response of [thisLogin, otherLogin])
      checkProblem(t, await refresh(harness, findRefreshCookie(response)?.value), 401, 'unauthorized')
    t.equal((await bob.call('GET', '/api/auth/me')).statusCode, 200)
    t.equal((await login(harness, 'alice')).statusCode, 200, 'a later login works again')
    const { items } = await harness.stores.audit.list({ limit: 10, action: 'logout' })
    t.equal(items.length, 1)
    t.match(items, [{ actor: 'u-alice', object_id: 'u-alice', detail: 'everywhere' }])
    checkProblem(
      t,
      await harness.app.inject({ method: 'POST', url: '/api/auth/logout-everywhere' }),
      401,
      'unauthorized',
      'a cookie without a token does not sign out',
    )
  },
)

t.test(
  '[SIGN4] if an admin deactivates a user, or changes their role or password, every sign-in of the user ends',
  async (t) => {
    const harness = await startWithAlice(t)
    const admin = await harness.signUp('root', 'admin')
    for (const [i, change] of [
      { active: false },
      { role: 'agent' },
      { password: 'another one entirely', your_password: PASSWORD },
    ].entries()) {
      const user = await harness.signUp(`user-${i}`)
      t.equal((await user.call('GET', '/api/auth/me')).statusCode, 200)
      t.equal((await admin.call('PATCH', `/api/users/${user.user_id}`, change)).statusCode, 200)
      checkProblem(t, await user.call('GET', '/api/auth/me'), 401, 'unauthorized', JSON.stringify(change))
    }
  },
)

t.test('[SIGN5] only tokens with our algorithm, issuer, audience, expiry and claims are accepted', async (t) => {
  const harness = await startWithAlice(t)
  const alice = createCaller(harness.app, 'u-alice', (await login(harness, 'alice')).json().access_token)
  const [, claims = ''] = alice.token.split('.')
  const validClaims = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const nowSeconds = Math.floor(Date.now() / 1_000)
  const omitClaim = (name: string) => Object.fromEntries(Object.entries(validClaims).filter(([key]) => key !== name))
  const tokens: Record<string, string> = {
    'no token': '',
    nonsense: 'nonsense',
    'another secret': createToken('HS256', validClaims, 'another-secret-0123456789-0123456789'),
    'another algorithm': createToken('HS512', validClaims),
    unsigned: `${encodePart({ alg: 'none', typ: 'JWT' })}.${encodePart(validClaims)}.`,
    'a critical header that the server does not know': createToken('HS256', validClaims, SECRET, { crit: ['b64'] }),
    expired: createToken('HS256', { ...validClaims, iat: nowSeconds - 1_000, exp: nowSeconds - 10 }),
    'another audience': createToken('HS256', { ...validClaims, aud: 'others' }),
    'another issuer': createToken('HS256', { ...validClaims, iss: 'others' }),
    'an unknown sign-in': createToken('HS256', { ...validClaims, sid: 'unknown' }),
    "another's sign-in": createToken('HS256', { ...validClaims, sub: 'u-bob' }),
    'a subject that is not a string': createToken('HS256', { ...validClaims, sub: { $ne: '' } }),
    ...Object.fromEntries(
      Object.keys(validClaims).map((name) => [`no ${name}`, createToken('HS256', omitClaim(name))]),
    ),
  }
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
  t.equal(
    (await createCaller(harness.app, '', createToken('HS256', validClaims)).call('GET', '/api/auth/me')).statusCode,
    200,
    'a token with all claims is accepted',
  )
  for (const [what, forged] of Object.entries(tokens)) {
    const response = await createCaller(harness.app, '', forged).call('GET', '/api/auth/me')
    checkProblem(t, response, 401, 'unauthorized', what)
    t.equal(response.headers['www-authenticate'], 'Bearer')
  }
  for (const authorization of ['Bearer', `Basic ${alice.token}`, alice.token, `Bearer ${alice.token} more`]) {
    const response = await harness.app.inject({ url: '/api/auth/me', headers: { authorization } })
    checkProblem(t, response, 401, 'unauthorized', authorization.slice(0, 12))
  }
})

t.test('[SIGN6] a WebSocket ticket is redeemed for the sign-in that requested it, and only once', async (t) => {
  const harness = await startWithAlice(t)
  const alice = createCaller(harness.app, 'u-alice', (await login(harness, 'alice')).json().access_token)
  const { ticket, expires_in } = (await alice.call('POST', '/api/auth/ws-ticket')).json()
  t.equal(expires_in, 30)
  const signIn = await harness.stores.tickets.redeem(ticket)
  t.match(signIn, { user_id: 'u-alice' })
  t.ok((signIn?.expires_at ?? 0) > Date.now())
  t.equal(await harness.stores.tickets.redeem(ticket), undefined)
})

const readClaims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
const encodePart = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
function createToken(alg: 'HS256' | 'HS512', claims: object, secret = SECRET, header: object = {}): string {
  const signedText = `${encodePart({ alg, typ: 'JWT', ...header })}.${encodePart(claims)}`
  const hmac = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret)
  return `${signedText}.${hmac.update(signedText).digest('base64url')}`
}
