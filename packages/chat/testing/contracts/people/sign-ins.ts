import type { Test } from 'tap'
import type { SignInLifetime } from '../../../src/people/user-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'

const LIFETIME: SignInLifetime = { ttl_s: 60, max_age_s: 600 }

export const signInStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'sign-ins', make, proveRotation, proveRefusals, proveAge, proveNetworks, proveEnds)

function proveRotation(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH1] each refresh token is replaced by the next one', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const [second, third] = [createId(), createId()]

    const first = await signIns.rotate(token, second, LIFETIME)
    const next = await signIns.rotate(second, third, LIFETIME)

    t.match(first, { sign_in_id, user: { user_id, active: true } })
    t.match(next, { sign_in_id })
    t.ok(await isValid(stores, user_id, sign_in_id))
  })

  t.test('[AUTH2] a token that is used again ends its whole family', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const next = createId()
    await signIns.rotate(token, next, LIFETIME)

    const reused = await signIns.rotate(token, createId(), LIFETIME)

    t.equal(reused, undefined)
    t.equal(await signIns.rotate(next, createId(), LIFETIME), undefined, 'nobody knows whose token was stolen')
    t.notOk(await isValid(stores, user_id, sign_in_id))
  })

  t.test('[AUTH2] a token that is used again leaves the user’s other sign-ins valid', async (t) => {
    const { user_id, token } = await signIn(stores)
    const other = await signIn(stores, user_id)
    await signIns.rotate(token, createId(), LIFETIME)

    await signIns.rotate(token, createId(), LIFETIME)

    t.ok(await isValid(stores, user_id, other.sign_in_id))
  })

  t.test('[AUTH2] a token that is used several times at the same time ends its family', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)

    const rotated = await Promise.all(Array.from({ length: 5 }, () => signIns.rotate(token, createId(), LIFETIME)))

    t.ok(rotated.filter((signIn) => signIn !== undefined).length <= 1)
    t.notOk(await isValid(stores, user_id, sign_in_id))
  })
}

function proveRefusals(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH3] an unknown or expired token is refused', async (t) => {
    const expired = await signIn(stores, undefined, 0)

    const rotated = [
      await signIns.rotate(createId(), createId(), LIFETIME),
      await signIns.rotate(expired.token, createId(), LIFETIME),
    ]

    t.same(rotated, [undefined, undefined])
  })

  t.test('[AUTH3] the token of an ended sign-in is refused', async (t) => {
    const ended = await signIn(stores)
    await signIns.end(ended.sign_in_id)

    const rotated = await signIns.rotate(ended.token, createId(), LIFETIME)

    t.equal(rotated, undefined)
    t.notOk(await isValid(stores, ended.user_id, ended.sign_in_id))
  })

  t.test('[AUTH3] a sign-in that is ended or unknown can be ended again', async (t) => {
    const ended = await signIn(stores)
    await signIns.end(ended.sign_in_id)

    await t.resolves(signIns.end(ended.sign_in_id))
    await t.resolves(signIns.end(createId()))
  })

  t.test('[AUTH3] the token of a deactivated user is refused, also after a new activation', async (t) => {
    const { user_id, token } = await signIn(stores)
    await stores.users.update(user_id, { active: false })
    await stores.users.update(user_id, { active: true })

    const rotated = await signIns.rotate(token, createId(), LIFETIME)

    t.equal(rotated, undefined)
  })
}

function proveAge(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH11] a refresh reports the time that its sign-in has left', async (t) => {
    const { token } = await signIn(stores)

    const renewed = await signIns.rotate(token, createId(), { ttl_s: 60, max_age_s: 100 })

    t.ok(renewed && renewed.remaining_s <= 100 && renewed.remaining_s > 60, `${renewed?.remaining_s}`)
  })

  t.test('[AUTH11] a sign-in that is too old is not refreshed', async (t) => {
    const { token } = await signIn(stores)

    const renewed = await signIns.rotate(token, createId(), { ttl_s: 60, max_age_s: 0 })

    t.equal(renewed, undefined)
  })

  t.test('[AUTH11] a refresh token ends after its own time, even if its sign-in has more time left', async (t) => {
    const { token } = await signIn(stores)
    const next = createId()
    await signIns.rotate(token, next, { ttl_s: -1, max_age_s: 100 })

    const renewed = await signIns.rotate(next, createId(), LIFETIME)

    t.equal(renewed, undefined)
  })
}

function proveNetworks(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH12] a network is known once a sign-in began there, also after its end', async (t) => {
    const user_id = await aUser(stores)
    const [network, other, sign_in_id] = [createId(), createId(), createId()]
    const signIn = { sign_in_id, user_id, token_hash: sign_in_id, ttl_s: 60, network_hash: network }
    await signIns.create({ ...signIn, password_hash: 'hash' })

    const whileValid = [await signIns.hasSignedInFrom([other, network]), await signIns.hasSignedInFrom([other])]
    await signIns.end(sign_in_id)
    const afterItsEnd = await signIns.hasSignedInFrom([network])

    t.same([whileValid, afterItsEnd], [[true, false], true])
  })

  t.test('[AUTH12] a refused login does not make its network known', async (t) => {
    const user_id = await aUser(stores)
    const [network, sign_in_id] = [createId(), createId()]
    const signIn = { sign_in_id, user_id, token_hash: sign_in_id, ttl_s: 60, network_hash: network }

    await signIns.create({ ...signIn, password_hash: 'another' })

    t.notOk(await signIns.hasSignedInFrom([network]))
  })
}

function proveEnds(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  for (const change of [{ password_hash: 'new' }, { active: false }]) {
    t.test(`[AUTH4] no login survives a change that comes during it: ${Object.keys(change)}`, async (t) => {
      const user_id = await aUser(stores)
      const ids = Array.from({ length: 12 }, createId)
      const begin = (sign_in_id: string) =>
        signIns.create({ sign_in_id, user_id, token_hash: sign_in_id, ttl_s: 60, password_hash: 'hash' })

      const [first, ...others] = ids.map(begin)
      await Promise.all([first, stores.users.update(user_id, change), ...others])

      t.equal(await begin(createId()), false)
      for (const sign_in_id of ids) {
        t.notOk(await isValid(stores, user_id, sign_in_id))
        t.equal(await signIns.rotate(sign_in_id, createId(), LIFETIME), undefined)
      }
    })
  }

  t.test('[AUTH10] all sign-ins of a user end with their refresh tokens, and nobody else’s', async (t) => {
    const first = await signIn(stores)
    const second = await signIn(stores, first.user_id)
    const others = await signIn(stores)

    await signIns.endAll(first.user_id)

    for (const { user_id, sign_in_id, token } of [first, second]) {
      t.notOk(await isValid(stores, user_id, sign_in_id))
      t.equal(await signIns.rotate(token, createId(), LIFETIME), undefined)
    }
    t.ok(await isValid(stores, others.user_id, others.sign_in_id))
  })

  t.test('[AUTH10] a user whose sign-ins were ended can sign in again', async (t) => {
    const { user_id } = await signIn(stores)
    await signIns.endAll(user_id)

    const { sign_in_id } = await signIn(stores, user_id)

    t.ok(await isValid(stores, user_id, sign_in_id))
  })
}

async function signIn(stores: Stores, user?: string, ttl_s = 60) {
  const user_id = user ?? (await aUser(stores))
  const [sign_in_id, token] = [createId(), createId()]
  await stores.signIns.create({ sign_in_id, user_id, token_hash: token, ttl_s, password_hash: 'hash' })
  return { sign_in_id, user_id, token }
}

async function isValid(stores: Stores, user_id: string, sign_in_id: string): Promise<boolean> {
  return (await stores.rightsReader.findPrincipals([{ user_id, sign_in_id }])).has(sign_in_id)
}
