import type { Test } from 'tap'
import type { SignInLifetime } from '../../../src/people/user-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { aUser, type Harness, type MakeHarness, suite } from '../harness.ts'

const LIFETIME: SignInLifetime = { ttl_s: 60, max_age_s: 600 }

export const signInStoreContract = (t: Test, make: MakeHarness) =>
  suite(t, 'sign-ins', make, proveRotation, proveAge, proveNetworks, proveEnds)

function proveRotation(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH1] a refresh token is swapped for the next', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const [second, third] = [createId(), createId()]
    t.match(await signIns.rotate(token, second, LIFETIME), { sign_in_id, user: { user_id, active: true } })
    t.match(await signIns.rotate(second, third, LIFETIME), { sign_in_id })
    t.ok(await isGood(stores, user_id, sign_in_id))
  })

  t.test('[AUTH2] a token that was used before ends its whole family', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const elsewhere = await signIn(stores, user_id)
    const next = createId()
    await signIns.rotate(token, next, LIFETIME)
    t.equal(await signIns.rotate(token, createId(), LIFETIME), undefined)
    t.equal(await signIns.rotate(next, createId(), LIFETIME), undefined, 'the thief’s or the owner’s: both are out')
    t.notOk(await isGood(stores, user_id, sign_in_id))
    t.ok(await isGood(stores, user_id, elsewhere.sign_in_id), 'another sign-in goes on')
  })

  t.test('[AUTH2] a raced token too', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const rotated = await Promise.all(Array.from({ length: 5 }, () => signIns.rotate(token, createId(), LIFETIME)))
    t.ok(rotated.filter((one) => one !== undefined).length <= 1)
    t.notOk(await isGood(stores, user_id, sign_in_id))
  })

  t.test('[AUTH3] unknown, expired, ended or inactive: nothing', async (t) => {
    t.equal(await signIns.rotate(createId(), createId(), LIFETIME), undefined)
    const expired = await signIn(stores, undefined, 0)
    t.equal(await signIns.rotate(expired.token, createId(), LIFETIME), undefined)
    const ended = await signIn(stores)
    await signIns.end(ended.sign_in_id)
    await signIns.end(ended.sign_in_id)
    await signIns.end(createId())
    t.equal(await signIns.rotate(ended.token, createId(), LIFETIME), undefined)
    t.notOk(await isGood(stores, ended.user_id, ended.sign_in_id))
    const inactive = await signIn(stores)
    await stores.users.update(inactive.user_id, { active: false })
    await stores.users.update(inactive.user_id, { active: true })
    t.equal(await signIns.rotate(inactive.token, createId(), LIFETIME), undefined, 'also once it is active again')
  })
}

function proveAge(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH11] a sign-in that is too old is refreshed no more; a younger one has its rest', async (t) => {
    const young = await signIn(stores)
    const next = createId()
    const renewed = await signIns.rotate(young.token, next, { ttl_s: 60, max_age_s: 100 })
    t.ok(renewed && renewed.remaining_s <= 100 && renewed.remaining_s > 60, `${renewed?.remaining_s}`)
    t.equal(await signIns.rotate(next, createId(), { ttl_s: 60, max_age_s: 0 }), undefined)
  })

  t.test('[AUTH11] a refresh token is never valid beyond the end of its sign-in', async (t) => {
    const { token } = await signIn(stores)
    const next = createId()
    t.ok(await signIns.rotate(token, next, { ttl_s: -1, max_age_s: 100 }))
    t.equal(await signIns.rotate(next, createId(), LIFETIME), undefined, 'the shorter of both ends')
  })
}

function proveNetworks(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH12] a network is known while a sign-in that began there is stored, also an ended one', async (t) => {
    const user_id = await aUser(stores)
    const [here, elsewhere, sign_in_id] = [createId(), createId(), createId()]
    t.notOk(await signIns.hasSignedInFrom([here]))
    const begun = { sign_in_id, user_id, token_hash: sign_in_id, ttl_s: 60, network_hash: here }
    await signIns.create({ ...begun, password_hash: 'another' })
    t.notOk(await signIns.hasSignedInFrom([here]), 'a refused login makes nothing known')
    await signIns.create({ ...begun, password_hash: 'hash' })
    t.ok(await signIns.hasSignedInFrom([elsewhere, here]))
    t.notOk(await signIns.hasSignedInFrom([elsewhere]))
    await signIns.end(sign_in_id)
    t.ok(await signIns.hasSignedInFrom([here]))
  })
}

function proveEnds(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH4] a login that a changed password or a deactivation overtakes begins nothing', async (t) => {
    for (const change of [{ password_hash: 'new' }, { active: false }]) {
      const user_id = await aUser(stores)
      const ids = Array.from({ length: 12 }, createId)
      const begin = (sign_in_id: string) =>
        signIns.create({ sign_in_id, user_id, token_hash: sign_in_id, ttl_s: 60, password_hash: 'hash' })
      const [first, ...others] = ids.map(begin)
      await Promise.all([first, stores.users.update(user_id, change), ...others])
      t.equal(await begin(createId()), false)
      for (const sign_in_id of ids) {
        t.notOk(await isGood(stores, user_id, sign_in_id))
        t.equal(await signIns.rotate(sign_in_id, createId(), LIFETIME), undefined)
      }
    }
  })

  t.test('[AUTH10] all sign-ins of a user end at once, with their refresh tokens, and nobody else’s', async (t) => {
    const here = await signIn(stores)
    const there = await signIn(stores, here.user_id)
    const other = await signIn(stores)
    await signIns.endAll(here.user_id)
    for (const { user_id, sign_in_id, token } of [here, there]) {
      t.notOk(await isGood(stores, user_id, sign_in_id))
      t.equal(await signIns.rotate(token, createId(), LIFETIME), undefined)
    }
    t.ok(await isGood(stores, other.user_id, other.sign_in_id))
    const again = await signIn(stores, here.user_id)
    t.ok(await isGood(stores, again.user_id, again.sign_in_id), 'a new one is good')
  })
}

async function signIn(stores: Stores, user?: string, ttl_s = 60) {
  const user_id = user ?? (await aUser(stores))
  const [sign_in_id, token] = [createId(), createId()]
  await stores.signIns.create({ sign_in_id, user_id, token_hash: token, ttl_s, password_hash: 'hash' })
  return { sign_in_id, user_id, token }
}

async function isGood(stores: Stores, user_id: string, sign_in_id: string): Promise<boolean> {
  return (await stores.rightsReader.findPrincipals([{ user_id, sign_in_id }])).has(sign_in_id)
}
