import type { Test } from 'tap'
import { newId } from '../../src/ids.ts'
import { aUser, type MakeHarness, suite } from './harness.ts'

export const upkeepContract = (t: Test, make: MakeHarness) =>
  suite(t, 'upkeep', make, (t, { stores }) => {
    const { upkeep, tickets, signIns } = stores

    t.test('[AUTH9] what has expired is removed, what is good stays', async (t) => {
      const user_id = await aUser(stores)
      const [old, good] = [newId(), newId()]
      await signIns.begin({ sign_in_id: old, user_id, token_hash: old, ttl_s: 0 })
      await signIns.begin({ sign_in_id: good, user_id, token_hash: good, ttl_s: 60 })
      await signIns.rotate(good, 'next', 60)
      const holder = { user_id, sign_in_id: good, expires_at: 0 }
      const ticket = await tickets.issue(holder, 60)
      await tickets.issue(holder, 0)
      t.equal(await upkeep.removeExpired(100), 3, 'a ticket, a token, and its sign-in')
      t.equal(await upkeep.removeExpired(100), 0)
      t.same(await tickets.redeem(ticket), holder)
      t.equal(await signIns.rotate(good, newId(), 60), undefined, 'a used token is still known as one')
      t.equal(await signIns.rotate('next', newId(), 60), undefined, 'and its reuse ended the family')
    })

    t.test('[AUTH9] a bounded number at a time', async (t) => {
      const holder = { user_id: newId(), sign_in_id: newId(), expires_at: 0 }
      for (let index = 0; index < 3; index += 1) await tickets.issue(holder, 0)
      t.same([await upkeep.removeExpired(2), await upkeep.removeExpired(2)], [2, 1])
    })
  })
