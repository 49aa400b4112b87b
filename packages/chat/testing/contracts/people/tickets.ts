import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { type MakeHarness, runSuite } from '../harness.ts'

export const ticketStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'tickets', make, (t, { stores: { tickets } }) => {
    const signIn = { user_id: createId(), sign_in_id: createId(), expires_at: 1_800_000_000_000 }

    t.test('[AUTH8] a ticket can be redeemed once', async (t) => {
      const ticket = await tickets.issue(signIn, 30)

      const redeemed = [await tickets.redeem(ticket), await tickets.redeem(ticket)]

      t.same(redeemed, [signIn, undefined])
    })

    t.test('[AUTH8] an unknown ticket cannot be redeemed', async (t) => {
      const redeemed = await tickets.redeem(createId())
      t.equal(redeemed, undefined)
    })

    t.test('[AUTH8] a ticket that is redeemed several times at the same time is valid once', async (t) => {
      const ticket = await tickets.issue(signIn, 30)

      const redeemed = await Promise.all(Array.from({ length: 6 }, () => tickets.redeem(ticket)))

      t.equal(redeemed.filter((signIn) => signIn !== undefined).length, 1)
    })

    t.test('[AUTH8] an expired ticket cannot be redeemed', async (t) => {
      const ticket = await tickets.issue(signIn, 0)

      const redeemed = await tickets.redeem(ticket)

      t.equal(redeemed, undefined)
    })
  })
