import type { Test } from 'tap'
import { RIGHTS_MAX_AGE_MS, toMembershipKey } from '../../../src/people/rights.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'

/** Proves Rights and RightsReader. */
export const rightsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'rights', make, proveCachedRights, proveRightsReader)

function proveCachedRights(t: Test, { stores, advanceClock }: Harness): void {
  const { events, rights, users } = stores

  t.test('[AUTH5] a cached principal is at most as old as the limit for rights', async (t) => {
    const ends = [
      (one: { user_id: string }) => users.update(one.user_id, { active: false }),
      (one: { user_id: string }) => users.update(one.user_id, { role: 'admin' }),
      (one: { sign_in_id: string }) => stores.signIns.end(one.sign_in_id),
    ]
    for (const end of ends) {
      const sign_in = await signIn(stores)
      t.same(await rights.findPrincipal(sign_in), { user_id: sign_in.user_id, role: 'engineer' })
      await end(sign_in)
      advanceClock(RIGHTS_MAX_AGE_MS)
      t.equal(await rights.findPrincipal(sign_in), undefined)
    }
    const sign_in = await signIn(stores)
    t.equal(await rights.findPrincipal({ ...sign_in, user_id: createId() }), undefined, 'a sign-in is one user’s')
    t.equal(await rights.findPrincipal({ ...sign_in, sign_in_id: createId() }), undefined)
  })

  t.test('[AUTH5] a cached membership or access is at most as old as the limit for rights', async (t) => {
    const user_id = await aUser(stores)
    const { event_id } = await anEvent(stores)
    const membership = () => rights.findMembership(user_id, event_id)
    t.same(await membership(), { access: 'open', role: null })
    await events.update(event_id, { access: 'restricted' }, { user_id, role: 'admin' })
    await events.putMember(event_id, user_id, 'observer')
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await membership(), { access: 'restricted', role: 'observer' })
    await events.putMember(event_id, user_id, 'responder')
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await membership(), { access: 'restricted', role: 'responder' })
    await events.removeMember(event_id, user_id)
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await membership(), { access: 'restricted', role: null })
    t.equal(await rights.findMembership(user_id, createId()), undefined, 'no such event')
  })
}

function proveRightsReader(t: Test, { stores }: Harness): void {
  const { events, rights, rightsReader } = stores

  t.test('[AUTH6] one read gives the rights of all sockets, past every cache', async (t) => {
    const [good, bad] = await Promise.all([signIn(stores), signIn(stores)])
    await Promise.all([rights.findPrincipal(good), rights.findPrincipal(bad)])
    await stores.signIns.end(bad.sign_in_id)
    const stolen = { user_id: createId(), sign_in_id: good.sign_in_id }
    t.same([...(await rightsReader.findPrincipals([bad, good]))], [[good.sign_in_id, { role: 'engineer' }]])
    t.equal((await rightsReader.findPrincipals([stolen])).size, 0)
    t.equal((await rightsReader.findPrincipals([])).size, 0)
  })

  t.test('[AUTH6] one read gives the rights in all rooms of the sockets, past every cache', async (t) => {
    const [user_id, other] = await Promise.all([aUser(stores), aUser(stores)])
    const open = (await anEvent(stores)).event_id
    const restricted = (await anEvent(stores, { access: 'restricted' })).event_id
    await rights.findMembership(user_id, restricted)
    await events.putMember(restricted, user_id, 'commander')
    const pairs = [
      { user_id, event_id: open },
      { user_id, event_id: restricted },
      { user_id: other, event_id: restricted },
      { user_id, event_id: createId() },
    ]
    const found = await rightsReader.findMemberships(pairs)
    t.same(found.get(toMembershipKey(user_id, open)), { access: 'open', role: null })
    t.same(found.get(toMembershipKey(user_id, restricted)), { access: 'restricted', role: 'commander' })
    t.same(found.get(toMembershipKey(other, restricted)), { access: 'restricted', role: null })
    t.equal(found.size, 3)
    t.equal((await rightsReader.findMemberships([])).size, 0)
  })
}

async function signIn(stores: Stores) {
  const [user_id, sign_in_id] = [await aUser(stores), createId()]
  await stores.signIns.create({ sign_in_id, user_id, token_hash: createId(), ttl_s: 60, password_hash: 'hash' })
  return { user_id, sign_in_id }
}
