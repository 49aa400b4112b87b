import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { aPlace, aUser, type MakeHarness, question, suite } from '../harness.ts'

const LIFETIME = { ttl_s: 60, max_age_s: 600 }

export const upkeepContract = (t: Test, make: MakeHarness) =>
  suite(t, 'retention', make, (t, { stores }) => {
    const { retention, tickets, signIns } = stores

    t.test('[AUTH9] what has expired is removed, what is good stays', async (t) => {
      const user_id = await aUser(stores)
      const [old, good] = [createId(), createId()]
      await signIns.create({ sign_in_id: old, user_id, token_hash: old, ttl_s: 0, password_hash: 'hash' })
      await signIns.create({ sign_in_id: good, user_id, token_hash: good, ttl_s: 60, password_hash: 'hash' })
      await signIns.rotate(good, 'next', LIFETIME)
      const signIn = { user_id, sign_in_id: good, expires_at: 0 }
      const ticket = await tickets.issue(signIn, 60)
      await tickets.issue(signIn, 0)
      t.equal(await retention.removeExpired(100), 3, 'a ticket, a token, and its sign-in')
      t.equal(await retention.removeExpired(100), 0)
      t.same(await tickets.redeem(ticket), signIn)
      t.equal(await signIns.rotate(good, createId(), LIFETIME), undefined, 'a used token is still known as one')
      t.equal(await signIns.rotate('next', createId(), LIFETIME), undefined, 'and its reuse ended the family')
    })

    t.test('[DATA1] idle sessions are closed: the next question starts a new one', async (t) => {
      const place = await aPlace(stores)
      const first = await stores.messages.ask(question(place))
      t.equal(await retention.closeIdleSessions(1, 100), 0, 'not idle for long enough')
      t.equal((await stores.messages.ask(question(place))).session_id, first.session_id)
    })

    t.test('[DATA5] records that are young stay', async (t) => {
      const { event_id } = await aPlace(stores)
      await stores.events.update(event_id, { severity: 'low' })
      t.equal(await retention.removeRecords(1, 100), 0)
      const material = { event_id, user_id: createId(), audiences: ['all'], unread: false }
      t.equal((await stores.sources.getCommandSources(material)).changes.length, 1)
    })

    t.test('[DATA3] a legal hold is put, seen and lifted, twice over if need be', async (t) => {
      const event_id = createId()
      await retention.addLegalHold(event_id, 'root')
      await retention.addLegalHold(event_id, 'root')
      t.ok((await retention.listLegalHolds()).includes(event_id))
      await retention.removeLegalHold(event_id)
      await retention.removeLegalHold(event_id)
      t.notOk((await retention.listLegalHolds()).includes(event_id))
    })

    t.test('[AUTH9] a bounded number at a time', async (t) => {
      const signIn = { user_id: createId(), sign_in_id: createId(), expires_at: 0 }
      for (let index = 0; index < 3; index += 1) await tickets.issue(signIn, 0)
      t.same([await retention.removeExpired(2), await retention.removeExpired(2)], [2, 1])
    })
  })
