import type { Test } from 'tap'
import type { SignInLifetime } from '../../../src/people/user-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { aUser, type Harness, type MakeHarness, runSuite } from '../harness.ts'

const LIFETIME: SignInLifetime = { refreshTokenSeconds: 60, maxAgeSeconds: 600 }

export const signInStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'sign-ins', make, proveRotation, proveRefusals, proveLifetime, proveNetworks, proveEnds)

function proveRotation(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH1] each refresh token is replaced by the next one', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const [secondToken, thirdToken] = [createId(), createId()]

    const firstRotation = await signIns.rotate(token, secondToken, LIFETIME)
    const secondRotation = await signIns.rotate(secondToken, thirdToken, LIFETIME)

    t.match(firstRotation, { sign_in_id, user: { user_id, active: true } })
    t.match(secondRotation, { sign_in_id })
    t.ok(await isValid(stores, user_id, sign_in_id))
  })

  t.test('[AUTH2] a token that is used again ends its whole sign-in', async (t) => {
    const { sign_in_id, user_id, token } = await signIn(stores)
    const nextToken = createId()
    await signIns.rotate(token, nextToken, LIFETIME)

    const reused = await signIns.rotate(token, createId(), LIFETIME)

    t.equal(reused, undefined)
    t.equal(await signIns.rotate(nextToken, createId(), LIFETIME), undefined, 'the thief may have the new token')
    t.notOk(await isValid(stores, user_id, sign_in_id))
  })

  t.test('[AUTH2] a token that is used again leaves the user’s other sign-ins valid', async (t) => {
    const { user_id, token } = await signIn(stores)
    const other = await signIn(stores, user_id)
    await signIns.rotate(token, createId(), LIFETIME)

    await signIns.rotate(token, createId(), LIFETIME)

    t.ok(await isValid(stores, user_id, other.sign_in_id))
  })

  t.test('[AUTH2] a token that is used several times at the same time ends its sign-in', async (t) => {
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

  t.test('[AUTH3] ending a sign-in that has ended or is unknown is not an error', async (t) => {
    const ended = await signIn(stores)
    await signIns.end(ended.sign_in_id)

    await t.resolves(signIns.end(ended.sign_in_id))
    await t.resolves(signIns.end(createId()))
  })

  t.test('[AUTH3] the token of a deactivated user stays refused after the user is activated again', async (t) => {
    const { user_id, token } = await signIn(stores)
    await stores.users.update(user_id, { active: false })
    await stores.users.update(user_id, { active: true })

    const rotated = await signIns.rotate(token, createId(), LIFETIME)

    t.equal(rotated, undefined)
  })
}

function proveLifetime(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH11] a refresh reports the time that its sign-in has left', async (t) => {
    const { token } = await signIn(stores)

    const renewed = await signIns.rotate(token, createId(), { refreshTokenSeconds: 60, maxAgeSeconds: 100 })

    t.ok(renewed && renewed.remaining_s <= 100 && renewed.remaining_s > 60, `${renewed?.remaining_s}`)
  })

  t.test('[AUTH11] a sign-in that is too old is not refreshed', async (t) => {
    const { token } = await signIn(stores)

    const renewed = await signIns.rotate(token, createId(), { refreshTokenSeconds: 60, maxAgeSeconds: 0 })

    t.equal(renewed, undefined)
  })

  t.test('[AUTH11] a refresh token ends after its own time, even if its sign-in has more time left', async (t) => {
    const { token } = await signIn(stores)
    const expiredToken = createId()
    await signIns.rotate(token, expiredToken, { refreshTokenSeconds: -1, maxAgeSeconds: 100 })

    const renewed = await signIns.rotate(expiredToken, createId(), LIFETIME)

    t.equal(renewed, undefined)
  })
}

function proveNetworks(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  t.test('[AUTH12] a network is known after a sign-in began there, even if the sign-in has ended', async (t) => {
    const user_id = await aUser(stores)
    const [network, otherNetwork, sign_in_id] = [createId(), createId(), createId()]
    const signIn = { sign_in_id, user_id, token_hash: sign_in_id, refreshTokenSeconds: 60, network_hash: network }
    await signIns.create({ ...signIn, verified_hash: 'hash' })

    const isOneKnown = await signIns.hasSignedInFrom([otherNetwork, network])
    const isOtherKnown = await signIns.hasSignedInFrom([otherNetwork])
    await signIns.end(sign_in_id)
    const isKnownAfterEnd = await signIns.hasSignedInFrom([network])

    t.same([isOneKnown, isOtherKnown, isKnownAfterEnd], [true, false, true])
  })

  t.test('[AUTH12] a refused login does not make its network known', async (t) => {
    const user_id = await aUser(stores)
    const [network, sign_in_id] = [createId(), createId()]
    const signIn = { sign_in_id, user_id, token_hash: sign_in_id, refreshTokenSeconds: 60, network_hash: network }

    await signIns.create({ ...signIn, verified_hash: 'another' })

    t.notOk(await signIns.hasSignedInFrom([network]))
  })
}

function proveEnds(t: Test, { stores }: Harness): void {
  const { signIns } = stores

  for (const change of [{ password_hash: 'new' }, { active: false }]) {
    t.test(`[AUTH4] no sign-in stays valid if the user changes while it begins: ${Object.keys(change)}`, async (t) => {
      const user_id = await aUser(stores)
      const signInIds = Array.from({ length: 12 }, createId)
      const begin = (sign_in_id: string) =>
        signIns.create({ sign_in_id, user_id, token_hash: sign_in_id, refreshTokenSeconds: 60, verified_hash: 'hash' })

      const [first, ...others] = signInIds.map(begin)
      await Promise.all([first, stores.users.update(user_id, change), ...others])

      t.equal(await begin(createId()), false)
      for (const sign_in_id of signInIds) {
        t.notOk(await isValid(stores, user_id, sign_in_id))
        t.equal(await signIns.rotate(sign_in_id, createId(), LIFETIME), undefined)
      }
    })
  }

  t.test('[AUTH10] all sign-ins of a user end with their refresh tokens, and those of other users stay', async (t) => {
    const first = await signIn(stores)
    const second = await signIn(stores, first.user_id)
    const ofOtherUser = await signIn(stores)

    await signIns.endAll(first.user_id)

    for (const { user_id, sign_in_id, token } of [first, second]) {
      t.notOk(await isValid(stores, user_id, sign_in_id))
      t.equal(await signIns.rotate(token, createId(), LIFETIME), undefined)
    }
    t.ok(await isValid(stores, ofOtherUser.user_id, ofOtherUser.sign_in_id))
  })

  t.test('[AUTH10] a user whose sign-ins were ended can sign in again', async (t) => {
    const { user_id } = await signIn(stores)
    await signIns.endAll(user_id)

    const { sign_in_id } = await signIn(stores, user_id)

    t.ok(await isValid(stores, user_id, sign_in_id))
  })
}

/** Begins a sign-in, of a new user if no id is passed. */
async function signIn(stores: Stores, existingUserId?: string, refreshTokenSeconds = 60) {
  const user_id = existingUserId ?? (await aUser(stores))
  const [sign_in_id, token] = [createId(), createId()]
  await stores.signIns.create({ sign_in_id, user_id, token_hash: token, refreshTokenSeconds, verified_hash: 'hash' })
  return { sign_in_id, user_id, token }
}

async function isValid(stores: Stores, user_id: string, sign_in_id: string): Promise<boolean> {
  return (await stores.uncachedRights.findPrincipals([{ user_id, sign_in_id }])).has(sign_in_id)
}
