import type { Test } from 'tap'
import { RIGHTS_MAX_AGE_MS, toAccessKey } from '../../../src/people/rights.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { anEvent, aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'

/** Proves RightsLookup and UncachedRights. */
export const rightsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'rights', make, proveCachedRights, proveUncachedRights)

function proveCachedRights(t: Test, { stores, advanceClock }: Harness): void {
  const { events, rights, users } = stores

  t.test('[AUTH5] a cached principal is at most as old as the limit for rights', async (t) => {
    const endings = [
      ({ user_id }: { user_id: string }) => users.update(user_id, { active: false }),
      ({ user_id }: { user_id: string }) => users.update(user_id, { role: 'admin' }),
      ({ sign_in_id }: { sign_in_id: string }) => stores.signIns.end(sign_in_id),
    ]
    for (const endSignIn of endings) {
      const sign_in = await signIn(stores)
      t.same(await rights.findPrincipal(sign_in), { user_id: sign_in.user_id, role: 'engineer' })
      await endSignIn(sign_in)
      advanceClock(RIGHTS_MAX_AGE_MS)
      t.equal(await rights.findPrincipal(sign_in), undefined)
    }
    const sign_in = await signIn(stores)
    t.equal(await rights.findPrincipal({ ...sign_in, user_id: createId() }), undefined, 'it is another user’s sign-in')
    t.equal(await rights.findPrincipal({ ...sign_in, sign_in_id: createId() }), undefined)
  })

  t.test('[AUTH5] a cached role or access is at most as old as the limit for rights', async (t) => {
    const user_id = await aUser(stores)
    const { event_id } = await anEvent(stores)
    const findAccessAndRole = () => rights.findAccessAndRole(user_id, event_id)
    t.same(await findAccessAndRole(), { access: 'open', role: null })
    await events.update(event_id, { access: 'restricted' }, { user_id, role: 'admin' })
    await events.putMember(event_id, user_id, 'observer')
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await findAccessAndRole(), { access: 'restricted', role: 'observer' })
    await events.putMember(event_id, user_id, 'responder')
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await findAccessAndRole(), { access: 'restricted', role: 'responder' })
    await events.removeMember(event_id, user_id)
    advanceClock(RIGHTS_MAX_AGE_MS)
    t.same(await findAccessAndRole(), { access: 'restricted', role: null })
    t.equal(await rights.findAccessAndRole(user_id, createId()), undefined, 'no such event')
  })
}

function proveUncachedRights(t: Test, { stores }: Harness): void {
  const { events, rights, uncachedRights } = stores

  t.test('[AUTH6] one read returns the roles of all valid sign-ins, without a cache', async (t) => {
    const [valid, ended] = await Promise.all([signIn(stores), signIn(stores)])
    await Promise.all([rights.findPrincipal(valid), rights.findPrincipal(ended)])
    await stores.signIns.end(ended.sign_in_id)
    const ofAnotherUser = { user_id: createId(), sign_in_id: valid.sign_in_id }
    t.same([...(await uncachedRights.findPrincipals([ended, valid]))], [[valid.sign_in_id, { role: 'engineer' }]])
    t.equal((await uncachedRights.findPrincipals([ofAnotherUser])).size, 0)
    t.equal((await uncachedRights.findPrincipals([])).size, 0)
  })

  t.test(
    '[AUTH6] one read returns the access and roles of several users in several events, without a cache',
    async (t) => {
      const [user_id, otherUserId] = await Promise.all([aUser(stores), aUser(stores)])
      const open = (await anEvent(stores)).event_id
      const restricted = (await anEvent(stores, { access: 'restricted' })).event_id
      await rights.findAccessAndRole(user_id, restricted)
      await events.putMember(restricted, user_id, 'commander')
      const pairs = [
        { user_id, event_id: open },
        { user_id, event_id: restricted },
        { user_id: otherUserId, event_id: restricted },
        { user_id, event_id: createId() },
      ]
      const accessAndRoles = await uncachedRights.findAccessAndRoles(pairs)
      t.same(accessAndRoles.get(toAccessKey(user_id, open)), { access: 'open', role: null })
      t.same(accessAndRoles.get(toAccessKey(user_id, restricted)), { access: 'restricted', role: 'commander' })
      t.same(accessAndRoles.get(toAccessKey(otherUserId, restricted)), { access: 'restricted', role: null })
      t.equal(accessAndRoles.size, 3)
      t.equal((await uncachedRights.findAccessAndRoles([])).size, 0)
    },
  )
}

async function signIn(stores: Stores) {
  const [user_id, sign_in_id] = [await aUser(stores), createId()]
  await stores.signIns.create({
    sign_in_id,
    user_id,
    token_hash: createId(),
    refreshTokenSeconds: 60,
    verified_hash: 'hash',
  })
  return { user_id, sign_in_id }
}
