import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { type MakeHarness, suite } from '../harness.ts'

export const ticketStoreContract = (t: Test, make: MakeHarness) =>
  suite(t, 'tickets', make, (t, { stores: { tickets } }) => {
    const signIn = { user_id: createId(), sign_in_id: createId(), expires_at: 1_800_000_000_000 }

    t.test('[AUTH8] a ticket is good once', async (t) => {
      const ticket = await tickets.issue(signIn, 30)
      t.same(await tickets.redeem(ticket), signIn)
      t.equal(await tickets.redeem(ticket), undefined)
      t.equal(await tickets.redeem(createId()), undefined)
    })

    t.test('[AUTH8] one of many who race for it gets in', async (t) => {
      const ticket = await tickets.issue(signIn, 30)
      const redeemed = await Promise.all(Array.from({ length: 6 }, () => tickets.redeem(ticket)))
      t.equal(redeemed.filter((one) => one !== undefined).length, 1)
    })

    t.test('[AUTH8] and for its time', async (t) => {
      t.equal(await tickets.redeem(await tickets.issue(signIn, 0)), undefined)
    })
  })
