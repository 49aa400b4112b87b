import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { aUser, type MakeHarness, suite } from '../harness.ts'

export const userStoreContract = (t: Test, make: MakeHarness) =>
  suite(t, 'users', make, (t, { stores }) => {
    const { users } = stores

    t.test('[ADMIN4] where there is no user, one of many who race becomes the first', async (t) => {
      const create = (username: string) =>
        users.createFirst({ user_id: 'first', username, password_hash: 'x', role: 'engineer' })
      const created = await Promise.all(['ada', 'ada', 'bob', 'carl', 'dora'].map((name) => create(`first-${name}`)))
      t.equal(created.filter((user) => user !== undefined).length, 1)
      const { items } = await users.list({ limit: 10 })
      t.same(items, [created.find((user) => user !== undefined)])
      const other = { user_id: createId(), username: 'later', password_hash: 'x', role: 'engineer' } as const
      t.equal(await users.createFirst(other), undefined)
      t.equal(await users.findCredentials('later'), undefined)
    })

    t.test('[USER1] a name is taken once, and a hash given to the login alone', async (t) => {
      const user_id = createId()
      const user = await users.create({ user_id, username: 'ada', password_hash: 'secret', role: 'engineer' })
      t.match(user, { user_id, username: 'ada', role: 'engineer', active: true })
      t.notMatch(user, { password_hash: String })
      t.same(await users.find(user_id), user)
      t.same(await users.findCredentials('ada'), { user, password_hash: 'secret' })
      const again = { user_id: createId(), username: 'ada', password_hash: 'x', role: 'engineer' } as const
      await t.rejects(users.create(again), { code: 'username_taken' })
      t.equal(await users.find(again.user_id), undefined)
      t.equal(await users.findCredentials('nobody'), undefined)
      t.equal(await users.findCredentials('ADA'), undefined)
      t.equal(await users.findCredentials('ada '), undefined, 'or each blank would be a name of its own to the limits')
    })

    t.test('[USER1] one of many who race for a name gets it', async (t) => {
      const create = () =>
        users.create({ user_id: createId(), username: 'raced', password_hash: 'x', role: 'engineer' })
      const settled = await Promise.allSettled(Array.from({ length: 5 }, create))
      t.equal(settled.filter((one) => one.status === 'fulfilled').length, 1)
    })

    t.test('[USER2] users are listed by name, page by page', async (t) => {
      for (let index = 0; index < 4; index += 1) await aUser(stores)
      const all = (await users.list({ limit: 100 })).items
      const names = all.map((user) => user.username)
      t.same(names, names.toSorted())
      const first = await users.list({ limit: 3 })
      const rest = await users.list({ limit: 97, cursor: first.next_cursor ?? '' })
      t.same([...first.items, ...rest.items], all)
      t.equal(rest.next_cursor, null)
    })

    t.test('[USER3] the last active admin stays one', async (t) => {
      const admin = await aUser(stores, 'admin')
      await t.rejects(users.update(admin, { active: false }), { code: 'last_admin' })
      await t.rejects(users.update(admin, { role: 'engineer' }), { code: 'last_admin' })
      t.match(await users.update(admin, { role: 'admin', active: true, password_hash: 'new' }), { role: 'admin' })
      const second = await aUser(stores, 'admin')
      const settled = await Promise.allSettled([
        users.update(admin, { active: false }),
        users.update(second, { role: 'engineer' }),
      ])
      t.same(settled.map((one) => one.status).toSorted(), ['fulfilled', 'rejected'], 'one of the two has to stay')
      await t.rejects(users.update(createId(), { active: false }), { code: 'user_not_found' })
    })

    t.test('[AUTH4] a changed role or password, or a deactivation, ends every sign-in', async (t) => {
      const cases = [{ role: 'agent' }, { password_hash: 'new' }, { active: false }] as const
      for (const changes of cases) {
        const user_id = await aUser(stores)
        const sign_ins = [createId(), createId()]
        for (const sign_in_id of sign_ins) {
          await stores.signIns.create({
            sign_in_id,
            user_id,
            token_hash: `hash-${sign_in_id}`,
            ttl_s: 60,
            password_hash: 'hash',
          })
        }
        t.match(await users.update(user_id, { role: 'engineer', active: true }), { role: 'engineer' })
        const pairs = sign_ins.map((sign_in_id) => ({ user_id, sign_in_id }))
        t.equal((await stores.rightsReader.findPrincipals(pairs)).size, 2, 'nothing changed, nobody is signed out')
        await users.update(user_id, changes)
        t.equal((await stores.rightsReader.findPrincipals(pairs)).size, 0, `${Object.keys(changes)} ends them`)
        t.equal(await stores.signIns.rotate(`hash-${sign_ins[0]}`, createId(), 60), undefined)
      }
    })
  })
