import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import { answerReply, aPlace, aQuestion, createSession, type Harness, type MakeHarness, runSuite } from '../harness.ts'

export const sessionStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'sessions', make, proveActiveSession, proveSessionReads)

function proveActiveSession(t: Test, { stores }: Harness): void {
  const { sessions } = stores

  t.test('[SESS1] a new session is the active session with its visibility', async (t) => {
    const place = await aPlace(stores)
    t.equal(await sessions.findActive(place.owner, place.event_id), undefined)
    const first = await createSession(stores, place)
    const { event_id, owner } = place
    t.match(first, { event_id, user_id: owner, active: true, rounds: 0, max_rounds: 10, visibility: 'private' })
    t.same(await sessions.findActive(owner, event_id), first)
    const shared = await createSession(stores, place, 'room')
    t.same(await sessions.findActive(owner, event_id), shared, 'without a visibility it is the session used last')
    t.match(await sessions.findActive(owner, event_id, 'private'), first)
    const second = await createSession(stores, place)
    t.match(await sessions.findActive(owner, event_id), second)
    t.match(await sessions.findActive(owner, event_id, 'room'), shared)
    t.match(await sessions.find(owner, first.session_id), { active: false })
    t.equal(await sessions.findActive(place.other, event_id), undefined, 'another user has no session yet')
  })

  t.test('[SESS1] of several sessions that are created at the same time, one is active', async (t) => {
    const place = await aPlace(stores)
    await Promise.all(Array.from({ length: 6 }, () => createSession(stores, place)))
    const { items } = await sessions.list(place.owner, place.event_id, { limit: 10 })
    t.equal(items.length, 6)
    t.equal(items.filter((session) => session.active).length, 1)
  })

  t.test('[SESS1] a session in an event that does not exist is refused', async (t) => {
    const place = await aPlace(stores)
    await t.rejects(createSession(stores, { ...place, event_id: createId() }), { code: 'event_not_found' })
  })
}

function proveSessionReads(t: Test, { stores }: Harness): void {
  const { messages, sessions } = stores

  t.test('[SESS2] only its owner finds a session', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await createSession(stores, place)
    t.match(await sessions.find(place.owner, session_id), { session_id })
    t.equal(await sessions.find(place.other, session_id), undefined)
    t.equal(await sessions.find(place.owner, 'chat_00000000_00000000'), undefined)
  })

  t.test('[SESS3] sessions are listed the newest first, page by page', async (t) => {
    const place = await aPlace(stores)
    for (let index = 0; index < 5; index += 1) await createSession(stores, place)
    const ofOtherUser = await createSession(stores, { ...place, owner: place.other })
    const all = await sessions.list(place.owner, place.event_id, { limit: 10 })
    t.equal(all.items.length, 5)
    t.equal(all.next_cursor, null)
    const times = all.items.map((session) => session.created_at)
    t.same(times, times.toSorted().reverse())
    const firstPage = await sessions.list(place.owner, place.event_id, { limit: 3 })
    const lastPage = await sessions.list(place.owner, place.event_id, { limit: 3, cursor: firstPage.next_cursor ?? '' })
    t.same([...firstPage.items, ...lastPage.items], all.items)
    t.equal(lastPage.next_cursor, null)
    const afterForeign = await sessions.list(place.owner, place.event_id, { limit: 3, cursor: ofOtherUser.session_id })
    t.same(afterForeign.items, [], 'another user’s session is an unknown cursor')
  })

  t.test('[SESS4] only the user’s own unfinished replies are counted', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await messages.ask(aQuestion(place))
    await messages.ask(aQuestion(place))
    await messages.ask(aQuestion(place, { user_id: place.other }))
    t.equal(await sessions.countUnfinishedReplies(place.owner, place.event_id), 2)
    await answerReply(stores, reply.message.message_id)
    t.equal(await sessions.countUnfinishedReplies(place.owner, place.event_id), 1)
  })
}
