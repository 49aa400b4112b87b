import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'

export const userStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(
    t,
    'users',
    make,
    proveFirstUser,
    proveNames,
    proveUserLists,
    proveLastAdmin,
    proveSignOut,
    proveReplacedHash,
  )

const LIFETIME = { refreshTokenSeconds: 60, maxAgeSeconds: 600 }

function proveFirstUser(t: Test, { stores }: Harness): void {
  const { users } = stores

  t.test('[ADMIN4] of several simultaneous attempts to create the first user, one succeeds', async (t) => {
    const create = (username: string) =>
      users.createFirst({ user_id: 'first', username, password_hash: 'x', role: 'engineer' })
    const created = await Promise.all(['ada', 'ada', 'bob', 'carl', 'dora'].map((name) => create(`first-${name}`)))
    t.equal(created.filter((user) => user !== undefined).length, 1)
    const { items } = await users.list({ limit: 10 })
    t.same(items, [created.find((user) => user !== undefined)])
    const laterUser = { user_id: createId(), username: 'later', password_hash: 'x', role: 'engineer' } as const
    t.equal(await users.createFirst(laterUser), undefined)
    t.equal(await users.findCredentials('later'), undefined)
  })
}

function proveNames(t: Test, { stores }: Harness): void {
  const { users } = stores

  t.test('[USER1] only `findCredentials` returns the password hash', async (t) => {
    const user_id = createId()
    const user = await users.create({ user_id, username: 'ada', password_hash: 'secret', role: 'engineer' })
    t.match(user, { user_id, username: 'ada', role: 'engineer', active: true })
    t.notMatch(user, { password_hash: String })
    t.same(await users.find(user_id), user)
    t.same(await users.findCredentials('ada'), { user, password_hash: 'secret' })
  })

  t.test('[USER1] a name belongs to one user', async (t) => {
    const user = { user_id: createId(), username: 'bob', password_hash: 'x', role: 'engineer' } as const
    await users.create(user)
    const userWithSameName = { ...user, user_id: createId() }
    await t.rejects(users.create(userWithSameName), { code: 'username_taken' })
    t.equal(await users.find(userWithSameName.user_id), undefined)
  })

  t.test('[USER1] a name is compared byte by byte', async (t) => {
    await users.create({ user_id: createId(), username: 'carl', password_hash: 'x', role: 'engineer' })
    t.equal(await users.findCredentials('nobody'), undefined)
    t.equal(await users.findCredentials('CARL'), undefined)
    t.equal(await users.findCredentials('carl '), undefined, 'otherwise a login limit by name could be avoided')
  })

  t.test('[USER1] of several users who are created with one name at the same time, one is stored', async (t) => {
    const create = () => users.create({ user_id: createId(), username: 'raced', password_hash: 'x', role: 'engineer' })
    const settled = await Promise.allSettled(Array.from({ length: 5 }, create))
    t.equal(settled.filter((outcome) => outcome.status === 'fulfilled').length, 1)
  })
}

function proveUserLists(t: Test, { stores }: Harness): void {
  const { users } = stores

  t.test('[USER2] users are listed by name, page by page', async (t) => {
    for (let index = 0; index < 4; index += 1) await aUser(stores)
    const all = (await users.list({ limit: 100 })).items
    const names = all.map((user) => user.username)
    t.same(names, names.toSorted())
    const firstPage = await users.list({ limit: 3 })
    const lastPage = await users.list({ limit: 97, cursor: firstPage.next_cursor ?? '' })
    t.same([...firstPage.items, ...lastPage.items], all)
    t.equal(lastPage.next_cursor, null)
  })
}

function proveLastAdmin(t: Test, { stores }: Harness): void {
  const { users } = stores

  t.test('[USER3] the last active admin can be neither deactivated nor given another role', async (t) => {
    const admin = await aUser(stores, 'admin')
    await t.rejects(users.update(admin, { active: false }), { code: 'last_admin' })
    await t.rejects(users.update(admin, { role: 'engineer' }), { code: 'last_admin' })
    t.match(await users.update(admin, { role: 'admin', active: true, password_hash: 'new' }), { role: 'admin' })
    await users.update(await aUser(stores, 'admin'), { active: true })
    t.ok(await users.update(admin, { active: false }), 'with a second admin the first one can be deactivated')
  })

  t.test('[USER3] of the last two admins who lose their rights at the same time, one stays an admin', async (t) => {
    const first = (await users.list({ limit: 100 })).items.find(({ role, active }) => role === 'admin' && active)
    const second = await aUser(stores, 'admin')

    const settled = await Promise.allSettled([
      users.update(first?.user_id ?? '', { active: false }),
      users.update(second, { role: 'engineer' }),
    ])

    t.same(settled.map((outcome) => outcome.status).toSorted(), ['fulfilled', 'rejected'])
  })

  t.test('[USER3] a user who does not exist cannot be changed', async (t) => {
    await t.rejects(users.update(createId(), { active: false }), { code: 'user_not_found' })
  })
}

function proveSignOut(t: Test, { stores }: Harness): void {
  const { users } = stores

  t.test('[AUTH4] a changed role or password, or a deactivation, ends every sign-in', async (t) => {
    for (const changes of [{ role: 'agent' }, { password_hash: 'new' }, { active: false }] as const) {
      const { user_id, sign_ins } = await aUserWithSignIns(stores)

      await users.update(user_id, changes)

      t.equal((await stores.uncachedRights.findPrincipals(sign_ins)).size, 0, `${Object.keys(changes)} ends them`)
      t.equal(await stores.signIns.rotate(`hash-${sign_ins[0]?.sign_in_id}`, createId(), LIFETIME), undefined)
    }
  })

  t.test('[AUTH4] an update that changes nothing signs nobody out', async (t) => {
    const { user_id, sign_ins } = await aUserWithSignIns(stores)
    t.match(await users.update(user_id, { role: 'engineer', active: true }), { role: 'engineer' })
    t.equal((await stores.uncachedRights.findPrincipals(sign_ins)).size, sign_ins.length)
  })
}

function proveReplacedHash(t: Test, { stores }: Harness): void {
  const { users } = stores
  const listValidIds = async (sign_ins: Array<{ user_id: string; sign_in_id: string }>) =>
    [...(await stores.uncachedRights.findPrincipals(sign_ins)).keys()].toSorted()

  t.test('[USER4] a user who changes the password keeps one sign-in, and the others end', async (t) => {
    const { user_id, sign_ins } = await aUserWithSignIns(stores)
    const other = await aUserWithSignIns(stores)
    const [keptId = ''] = sign_ins.map(({ sign_in_id }) => sign_in_id)

    const hashes = { verified_hash: 'hash', password_hash: 'new', kept_sign_in_id: keptId }
    t.equal(await users.replacePasswordHash(user_id, hashes), true)

    t.same(await listValidIds(sign_ins), [keptId])
    t.equal((await listValidIds(other.sign_ins)).length, other.sign_ins.length)
    t.equal(await users.replacePasswordHash(user_id, hashes), false, 'the verified hash is no longer the stored one')
  })

  t.test('[USER4] without `kept_sign_in_id`, a hash is replaced and no sign-in ends', async (t) => {
    const { user_id, sign_ins } = await aUserWithSignIns(stores)
    t.equal(await users.replacePasswordHash(user_id, { verified_hash: 'hash', password_hash: 'new' }), true)
    t.equal((await listValidIds(sign_ins)).length, sign_ins.length)
  })

  t.test('[USER4] the password hash of an inactive user is not replaced', async (t) => {
    const user_id = await aUser(stores)
    await users.update(user_id, { active: false })
    t.equal(await users.replacePasswordHash(user_id, { verified_hash: 'hash', password_hash: 'new' }), false)
  })
}

async function aUserWithSignIns(stores: Stores) {
  const user_id = await aUser(stores)
  const sign_ins = [createId(), createId()].map((sign_in_id) => ({ user_id, sign_in_id }))
  for (const { sign_in_id } of sign_ins) {
    const token_hash = `hash-${sign_in_id}`
    await stores.signIns.create({ sign_in_id, user_id, token_hash, refreshTokenSeconds: 60, verified_hash: 'hash' })
  }
  return { user_id, sign_ins }
}
