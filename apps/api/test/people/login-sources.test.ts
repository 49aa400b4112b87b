import { createArgon2Passwords } from '@engineer-chat/chat/people'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t, { type Test } from 'tap'
import { createHarness, type Harness, type HarnessOptions, PASSWORD } from '../harness.ts'
import { checkProblem } from '../problems.ts'

/** Nobody has signed in from the network of this address when a test begins. */
const UNKNOWN_ADDRESS = '127.1.0.1'

type LoginOptions = { password?: string; remoteAddress?: string; cookies?: Record<string, string> }

const login = (harness: Harness, username: string, { password = PASSWORD, ...options }: LoginOptions = {}) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password }, ...options })

const loginWithWrongPassword = (harness: Harness, username: string, remoteAddress: string) =>
  login(harness, username, { password: 'guess', remoteAddress })

async function setUp(t: Test, options: HarnessOptions = {}) {
  const harness = await createHarness(options)
  t.teardown(() => harness.close())
  return harness
}

/** Signs in and returns the device cookie, alone and as the cookies of a later request. */
async function signInBrowser(harness: Harness, username: string, remoteAddress?: string) {
  const response = await login(harness, username, remoteAddress === undefined ? {} : { remoteAddress })
  const device = response.cookies.find(({ name }) => name.startsWith('device_'))
  if (!device) throw new Error(`There is no cookie: ${response.body}`)
  return { device, cookies: { [device.name]: device.value } }
}

t.test(
  '[GUARD9] wrong passwords from many addresses are limited by username, but not from a known browser or network',
  async (t) => {
    const harness = await setUp(t, { env: { RATE_LIMIT_NAME_PER_HOUR: '4' } })
    await harness.signUp('alice') // This login counts as one from an unknown network.
    await harness.signUp('bob')
    const { cookies } = await signInBrowser(harness, 'alice')
    for (const hostNumber of [1, 2, 3])
      checkProblem(t, await loginWithWrongPassword(harness, 'alice', `127.9.9.${hostNumber}`), 401, 'unauthorized')
    const refused = await loginWithWrongPassword(harness, 'alice', '127.9.9.4')
    checkProblem(t, refused, 429, 'rate_limited')
    t.ok(Number(refused.headers['retry-after']) > 60, 'the limit ends after an hour')
    checkProblem(
      t,
      await login(harness, 'alice', { remoteAddress: '127.9.9.5' }),
      429,
      'rate_limited',
      'the right password is refused, too',
    )
    t.equal((await login(harness, 'alice', { remoteAddress: '127.9.9.6', cookies })).statusCode, 200, 'a known browser')
    t.equal((await login(harness, 'alice')).statusCode, 200, 'a known network, for programs without a cookie')
    checkProblem(t, await loginWithWrongPassword(harness, 'bob', '127.9.9.4'), 401, 'unauthorized', 'another name')
  },
)

t.test('[GUARD9] wrong passwords for a username that does not exist are limited, too', async (t) => {
  const harness = await setUp(t, { env: { RATE_LIMIT_NAME_PER_HOUR: '1' } })
  checkProblem(t, await loginWithWrongPassword(harness, 'nobody', '127.9.9.1'), 401, 'unauthorized')
  checkProblem(t, await loginWithWrongPassword(harness, 'nobody', '127.9.9.2'), 429, 'rate_limited')
})

t.test('[GUARD9] a known device and a known network have separate counts with the same limit', async (t) => {
  const harness = await setUp(t, { env: { RATE_LIMIT_NAME_PER_HOUR: '3' } })
  await harness.signUp('alice')
  const { cookies } = await signInBrowser(harness, 'alice')
  const loginByDevice = () => login(harness, 'alice', { password: 'guess', remoteAddress: UNKNOWN_ADDRESS, cookies })
  for (let i = 0; i < 3; i += 1) checkProblem(t, await loginByDevice(), 401, 'unauthorized')
  checkProblem(t, await loginByDevice(), 429, 'rate_limited')
  // The first login came from a network that was not known yet. Only the second one counts here.
  for (let i = 0; i < 2; i += 1)
    checkProblem(t, await loginWithWrongPassword(harness, 'alice', '127.0.0.1'), 401, 'unauthorized')
  checkProblem(t, await loginWithWrongPassword(harness, 'alice', '127.0.0.1'), 429, 'rate_limited')
  checkProblem(
    t,
    await loginWithWrongPassword(harness, 'alice', '127.9.9.1'),
    401,
    'unauthorized',
    'another network has a separate count',
  )
})

t.test('[GUARD9] nobody in a user’s network can lock the user out of a known device', async (t) => {
  const harness = await setUp(t, { env: { RATE_LIMIT_NAME_PER_HOUR: '2' } })
  await harness.signUp('alice')
  const { cookies } = await signInBrowser(harness, 'alice')
  checkProblem(t, await loginWithWrongPassword(harness, 'alice', '127.0.0.1'), 401, 'unauthorized')
  checkProblem(t, await loginWithWrongPassword(harness, 'alice', '127.0.0.1'), 429, 'rate_limited')
  checkProblem(t, await login(harness, 'alice'), 429, 'rate_limited', 'the network shares the counts of a name')
  t.equal((await login(harness, 'alice', { cookies })).statusCode, 200, 'a known device in the same network')
})

t.test('[GUARD9] a login from a known device or network does not count towards the limit of its address', async (t) => {
  const harness = await setUp(t, { env: { RATE_LIMIT_ADDRESS_PER_MINUTE: '2' } })
  await harness.signUp('alice')
  const { cookies } = await signInBrowser(harness, 'alice')
  checkProblem(
    t,
    await loginWithWrongPassword(harness, 'nobody', '127.0.0.1'),
    401,
    'unauthorized',
    'the second request that counts, after the first login of alice',
  )
  checkProblem(t, await loginWithWrongPassword(harness, 'nobody', '127.0.0.1'), 429, 'rate_limited')
  t.equal((await login(harness, 'alice')).statusCode, 200)
  t.equal((await login(harness, 'alice', { cookies })).statusCode, 200)
})

t.test('[GUARD9] a device cookie is sent to login only, and each login renews it', async (t) => {
  const harness = await setUp(t)
  await harness.signUp('alice')
  const { device, cookies } = await signInBrowser(harness, 'alice')
  t.match(device, { httpOnly: true, sameSite: 'Strict', path: '/api/auth/login', maxAge: 180 * 86_400 })
  t.notMatch(JSON.stringify(device), 'alice')
  const renewed = (await login(harness, 'alice', { cookies })).cookies.find(({ name }) => name === device.name)
  t.equal(renewed?.value.split('.')[1], device.value.split('.')[1], 'the id of the device stays the same')
  const failed = await login(harness, 'alice', { password: 'guess' })
  t.same(failed.cookies, [])
})

t.test('[GUARD9] a device cookie is ignored if it is another user’s, altered or expired', async (t) => {
  const stores = createMemoryStores()
  const env = { RATE_LIMIT_NAME_PER_HOUR: '1', DEVICE_COOKIE_TTL: '3600' }
  const harness = await setUp(t, { stores, env })
  await harness.signUp('alice')
  await harness.signUp('bob')
  const { device } = await signInBrowser(harness, 'alice')
  const bobsDevice = (await signInBrowser(harness, 'bob')).device
  checkProblem(
    t,
    await loginWithWrongPassword(harness, 'alice', '127.9.9.1'),
    429,
    'rate_limited',
    'the first login of alice was counted',
  )
  const loginWithCookie = (value: string) =>
    login(harness, 'alice', { remoteAddress: UNKNOWN_ADDRESS, cookies: { [device.name]: value } })
  const [issued = '', id = '', signature = ''] = device.value.split('.')
  for (const value of [
    bobsDevice.value,
    `${issued}.${id}.`,
    `${issued}.${id}x.${signature}`,
    `${Number(issued) + 1}.${id}.${signature}`,
    '',
    '..',
  ]) {
    checkProblem(t, await loginWithCookie(value), 429, 'rate_limited', value)
  }
  const realNow = Date.now
  Date.now = () => realNow() + 3_601_000
  const responseAfterExpiry = await loginWithCookie(device.value)
  Date.now = realNow
  checkProblem(t, responseAfterExpiry, 429, 'rate_limited', 'the cookie has expired')
  t.equal((await loginWithCookie(device.value)).statusCode, 200)
})

t.test('[GUARD9] devices and networks stay known until the old signing key is removed', async (t) => {
  const stores = createMemoryStores()
  const [oldKey, newKey] = ['an-old-key-of-thirty-two-characters-or-so', 'the-next-key-of-thirty-two-characters-or-so']
  const limit = { RATE_LIMIT_NAME_PER_HOUR: '1' }
  const oldKeyNode = await setUp(t, { stores, env: { JWT_SECRET_KEY: oldKey } })
  const bothKeysNode = await setUp(t, {
    stores,
    env: { ...limit, JWT_SECRET_KEY: newKey, JWT_PREVIOUS_SECRET_KEYS: oldKey },
  })
  const newKeyNode = await setUp(t, { stores, env: { ...limit, JWT_SECRET_KEY: newKey } })
  await oldKeyNode.signUp('alice')
  const { cookies } = await signInBrowser(oldKeyNode, 'alice')
  for (const harness of [bothKeysNode, newKeyNode])
    checkProblem(t, await loginWithWrongPassword(harness, 'alice', '127.9.9.1'), 401, 'unauthorized')
  checkProblem(t, await login(newKeyNode, 'alice', { remoteAddress: UNKNOWN_ADDRESS, cookies }), 429, 'rate_limited')
  t.equal((await login(bothKeysNode, 'alice', { remoteAddress: UNKNOWN_ADDRESS, cookies })).statusCode, 200)
  t.equal((await login(bothKeysNode, 'alice')).statusCode, 200, 'a known network')
})

t.test('[GUARD10] many logins from unknown places delay the hash of a known device by at most one hash', async (t) => {
  const passwords = createArgon2Passwords({ concurrency: 1, maxWaiting: 3 })
  const hash = await passwords.hash(PASSWORD)
  const results: string[] = []
  const verify = (name: string, priority: 'high' | 'low') =>
    passwords.verify(PASSWORD, hash, priority).then(
      () => void results.push(name),
      (error: { code: string }) => void results.push(error.code),
    )
  const flood = ['a', 'b', 'c', 'd', 'e'].map((name) => verify(name, 'low'))
  await Promise.all([...flood, verify('known device', 'high')])
  // One hash runs, three wait, and the fifth one is refused. The hash of the known device is the next to run.
  t.same(results, ['unavailable', 'a', 'known device', 'b', 'c', 'd'])
})

t.test('[GUARD10] the password of a login waits in the queue of known or of unknown devices', async (t) => {
  const priorities: Array<string | undefined> = []
  const passwords = {
    hash: async (password: string) => `plain:${password}`,
    verify: async (password: string, hash: string | undefined, priority?: string) => {
      priorities.push(priority)
      return hash === `plain:${password}`
    },
  }
  const harness = await setUp(t, { deps: { passwords } })
  await harness.signUp('alice')
  const { cookies } = await signInBrowser(harness, 'alice', '127.9.9.1')
  await login(harness, 'alice', { cookies, remoteAddress: UNKNOWN_ADDRESS })
  await login(harness, 'alice', { remoteAddress: UNKNOWN_ADDRESS, password: 'guess' })
  await login(harness, 'nobody', { remoteAddress: UNKNOWN_ADDRESS })
  // The third login makes the network of its address known.
  t.same(priorities, ['low', 'low', 'high', 'high', 'low'])
})
