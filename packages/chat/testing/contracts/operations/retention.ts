import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { aPlace, aQuestion, aUser, CONTEXT_LIMITS, type MakeHarness, runSuite } from '../harness.ts'

const LIFETIME = { refreshTokenSeconds: 60, maxAgeSeconds: 600 }

export const retentionContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'retention', make, (t, { stores }) => {
    const { retention, tickets, signIns } = stores

    t.test('[AUTH9] expired tickets, tokens and sign-ins are removed; valid and used ones stay', async (t) => {
      const user_id = await aUser(stores)
      const [expiredId, validId] = [createId(), createId()]
      await signIns.create({
        sign_in_id: expiredId,
        user_id,
        token_hash: expiredId,
        refreshTokenSeconds: 0,
        verified_hash: 'hash',
      })
      await signIns.create({
        sign_in_id: validId,
        user_id,
        token_hash: validId,
        refreshTokenSeconds: 60,
        verified_hash: 'hash',
      })
      await signIns.rotate(validId, 'next', LIFETIME)
      const signIn = { user_id, sign_in_id: validId, expires_at: 0 }
      const ticket = await tickets.issue(signIn, 60)
      await tickets.issue(signIn, 0)

      const removed = [await retention.removeExpired(100), await retention.removeExpired(100)]

      t.same(removed, [3, 0], 'a ticket, a token and its sign-in are removed')
      t.same(await tickets.redeem(ticket), signIn)
      t.equal(await signIns.rotate(validId, createId(), LIFETIME), undefined, 'a used token is still recognized')
      t.equal(await signIns.rotate('next', createId(), LIFETIME), undefined, 'its reuse has ended the sign-in')
    })

    t.test('[DATA1] a session that is not idle for long enough stays open', async (t) => {
      const place = await aPlace(stores)
      const first = await stores.messages.ask(aQuestion(place))

      const closed = await retention.closeIdleSessions(1, 100)

      t.same(closed, [])
      t.equal((await stores.messages.ask(aQuestion(place))).session_id, first.session_id)
    })

    t.test('[DATA5] records that are not old enough stay', async (t) => {
      const { event_id, owner: user_id } = await aPlace(stores)
      await stores.events.update(event_id, { severity: 'low' }, { user_id: createId(), role: 'engineer' })

      const removed = await retention.removeRecords(1, 100)

      t.equal(removed, 0)
      const question = { event_id, user_id, session_id: null, question: '/summary' }
      t.equal((await stores.sources.findContext(question, CONTEXT_LIMITS))?.room?.changes.length, 1)
    })

    t.test('[DATA3] a legal hold that is added twice is listed until it is removed', async (t) => {
      const event_id = createId()
      await retention.addLegalHold(event_id, 'root')
      await retention.addLegalHold(event_id, 'root')

      const before = await retention.listLegalHolds()
      await retention.removeLegalHold(event_id)
      const after = await retention.listLegalHolds()

      t.same([before.includes(event_id), after.includes(event_id)], [true, false])
      await t.resolves(retention.removeLegalHold(event_id), 'a second removal changes nothing')
    })

    t.test('[AUTH9] a call removes at most as many rows as its limit', async (t) => {
      const signIn = { user_id: createId(), sign_in_id: createId(), expires_at: 0 }
      for (let index = 0; index < 3; index += 1) await tickets.issue(signIn, 0)

      const removed = [await retention.removeExpired(2), await retention.removeExpired(2)]

      t.same(removed, [2, 1])
    })
  })
