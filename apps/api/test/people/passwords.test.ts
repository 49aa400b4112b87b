import { createArgon2Passwords } from '@engineer-chat/chat/people'
import t, { type Test } from 'tap'
import { createCaller, createHarness, type Harness, type HarnessOptions, PASSWORD } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const OLD_PASSWORD = PASSWORD
const NEW_PASSWORD = 'tundra kettle marble'

async function setUp(t: Test, options: HarnessOptions = {}) {
  const harness = await createHarness(options)
  t.teardown(() => harness.close())
  const [admin, alice, bob] = [
    await harness.signUp('root', 'admin'),
    await harness.signUp('alice'),
    await harness.signUp('bob'),
  ]
  return { harness, admin, alice, bob }
}

const login = (harness: Harness, username: string, password: string) =>
  harness.app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password } })

const createChange = (current_password: string, new_password: string) => ({ current_password, new_password })

t.test('[SIGN9] when a user changes their own password, their other sign-ins end', async (t) => {
  const { harness, alice, bob } = await setUp(t)
  const elsewhere = createCaller(
    harness.app,
    alice.user_id,
    (await login(harness, 'alice', OLD_PASSWORD)).json().access_token,
  )
  const changed = await alice.call('POST', '/api/auth/password', createChange(OLD_PASSWORD, NEW_PASSWORD))
  t.equal(changed.statusCode, 204, changed.body)
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200, 'the sign-in that sent the request is still valid')
  checkProblem(t, await elsewhere.call('GET', '/api/auth/me'), 401, 'unauthorized')
  t.equal((await bob.call('GET', '/api/auth/me')).statusCode, 200, 'sign-ins of other users still work')
  checkProblem(t, await login(harness, 'alice', OLD_PASSWORD), 401, 'unauthorized')
  t.equal((await login(harness, 'alice', NEW_PASSWORD)).statusCode, 200)
  const [newest] = (await harness.stores.audit.list({ limit: 1, action: 'user_updated' })).items
  t.match(newest, { actor: 'u-alice', object_id: 'u-alice', detail: 'password' })
})

t.test('[SIGN9] a wrong old password changes nothing and is audited; such attempts are limited', async (t) => {
  const { harness, alice, bob } = await setUp(t, { env: { RATE_LIMIT_LOGINS_PER_MINUTE: '2' } })
  for (let i = 0; i < 2; i += 1) {
    checkProblem(
      t,
      await alice.call('POST', '/api/auth/password', createChange('a guess', NEW_PASSWORD)),
      403,
      'wrong_password',
    )
  }
  checkProblem(
    t,
    await alice.call('POST', '/api/auth/password', createChange(OLD_PASSWORD, NEW_PASSWORD)),
    429,
    'rate_limited',
  )
  checkProblem(
    t,
    await bob.call('POST', '/api/auth/password', createChange('a guess', NEW_PASSWORD)),
    403,
    'wrong_password',
  )
  t.equal((await login(harness, 'alice', OLD_PASSWORD)).statusCode, 200)
  const { items } = await harness.stores.audit.list({ limit: 9, action: 'login_failed', object_id: 'u-alice' })
  t.same(
    items.map(({ actor }) => actor),
    ['u-alice', 'u-alice'],
    'the two wrong passwords',
  )
})

t.test('[SIGN9] a new password that is too short or easy to guess is refused', async (t) => {
  const { harness, alice } = await setUp(t)
  checkProblem(
    t,
    await alice.call('POST', '/api/auth/password', createChange(OLD_PASSWORD, 'short')),
    400,
    'validation_failed',
  )
  checkProblem(
    t,
    await alice.call('POST', '/api/auth/password', createChange(OLD_PASSWORD, 'Alice-2026!')),
    400,
    'weak_password',
  )
  t.equal((await login(harness, 'alice', OLD_PASSWORD)).statusCode, 200)
})

t.test('[SIGN10] an admin who sets another user’s password must also send the admin’s own one', async (t) => {
  const { harness, admin, alice } = await setUp(t)
  const set = (fields: object) =>
    admin.call('PATCH', `/api/users/${alice.user_id}`, { password: NEW_PASSWORD, ...fields })
  const missing = checkProblem(t, await set({}), 400, 'validation_failed', 'an older client sends no `your_password`')
  t.match(missing.errors, [{ path: '/your_password' }])
  checkProblem(t, await set({ your_password: 'a guess' }), 403, 'wrong_password')
  checkProblem(t, await set({ your_password: OLD_PASSWORD, password: 'alice-alice' }), 400, 'weak_password')
  t.equal((await alice.call('GET', '/api/auth/me')).statusCode, 200)
  checkProblem(
    t,
    await alice.call('PATCH', '/api/users/u-alice', { password: NEW_PASSWORD, your_password: OLD_PASSWORD }),
    403,
    'forbidden',
  )
  t.equal((await set({ your_password: OLD_PASSWORD })).statusCode, 200)
  checkProblem(t, await alice.call('GET', '/api/auth/me'), 401, 'unauthorized')
  t.equal((await login(harness, 'alice', NEW_PASSWORD)).statusCode, 200)
  const [newest] = (await harness.stores.audit.list({ limit: 9, action: 'user_updated' })).items
  t.match(newest, { actor: 'u-root', object_id: 'u-alice', detail: 'password' })
})

t.test(
  '[SIGN10] an admin’s attempts with a wrong `your_password` are limited; a change of the role does not need it',
  async (t) => {
    const { admin, alice } = await setUp(t, { env: { RATE_LIMIT_LOGINS_PER_MINUTE: '1' } })
    const patch = (body: object) => admin.call('PATCH', `/api/users/${alice.user_id}`, body)
    checkProblem(t, await patch({ password: NEW_PASSWORD, your_password: 'a guess' }), 403, 'wrong_password')
    checkProblem(t, await patch({ password: NEW_PASSWORD, your_password: OLD_PASSWORD }), 429, 'rate_limited')
    t.equal((await patch({ role: 'agent' })).statusCode, 200)
  },
)

t.test('[USER5] a user is not created with a password that is easy to guess', async (t) => {
  const { admin } = await setUp(t)
  const create = (password: string) =>
    admin.call('POST', '/api/users', { username: 'carol', password, role: 'engineer' })
  const refused = checkProblem(t, await create('Password2026!'), 400, 'weak_password')
  t.notMatch(JSON.stringify(refused), 'Password2026!')
  t.equal((await create(NEW_PASSWORD)).statusCode, 201)
})

t.test('[USER6] a password is accepted in any Unicode normalization form', async (t) => {
  const { harness, admin } = await setUp(t, { deps: { passwords: createArgon2Passwords() } })
  const password = 'Käsebrötchen für Zoë'
  const user = { username: 'zoe', password: password.normalize('NFD'), role: 'engineer' }
  t.equal((await admin.call('POST', '/api/users', user)).statusCode, 201)
  for (const form of ['NFC', 'NFD'])
    t.equal((await login(harness, 'zoe', password.normalize(form))).statusCode, 200, form)
})

t.test('[USER6] a hash of another Unicode form is accepted once and replaced', async (t) => {
  const passwords = createArgon2Passwords()
  const { harness, alice } = await setUp(t, { deps: { passwords } })
  const typed = 'Käsebrötchen für Zoë'.normalize('NFD')
  await harness.stores.users.update(alice.user_id, { password_hash: await passwords.hash(typed) })
  checkProblem(
    t,
    await login(harness, 'alice', typed.normalize('NFC')),
    401,
    'unauthorized',
    'the stored hash is of the other form',
  )
  t.equal((await login(harness, 'alice', typed)).statusCode, 200)
  t.equal((await login(harness, 'alice', typed.normalize('NFC'))).statusCode, 200, 'the new hash is stored')
  t.equal((await login(harness, 'alice', typed)).statusCode, 200)
})

t.test('[USER6] two logins at the same time both succeed, although only one replaces the hash', async (t) => {
  const { harness, alice } = await setUp(t)
  const typed = 'Käsebrötchen für Zoë'.normalize('NFD')
  const { passwords, stores } = harness.deps
  await stores.users.update(alice.user_id, { password_hash: await passwords.hash(typed) })
  const { replacePasswordHash } = stores.users
  let other: Promise<{ statusCode: number }> | undefined
  stores.users.replacePasswordHash = async (...change) => {
    if (other === undefined) {
      other = login(harness, 'alice', typed)
      await other
    }
    return replacePasswordHash(...change)
  }
  t.equal((await login(harness, 'alice', typed)).statusCode, 200)
  t.equal((await other)?.statusCode, 200)
  stores.users.replacePasswordHash = async (...change) => {
    await stores.users.update(alice.user_id, { password_hash: await passwords.hash('another password') })
    return replacePasswordHash(...change)
  }
  await stores.users.update(alice.user_id, { password_hash: await passwords.hash(typed) })
  checkProblem(t, await login(harness, 'alice', typed), 401, 'unauthorized', 'the password was changed meanwhile')
})
