import type { Test } from 'tap'
import { anEvent, aPlace, aQuestion, countUpTo, createSession, getSeq, type Harness } from '../harness.ts'

export function proveRoundLimit(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK4] in a session of ten rounds the eleventh question is refused and stores nothing', async (t) => {
    const place = await aPlace(stores)
    for (let round = 1; round <= 10; round += 1) t.equal((await messages.ask(aQuestion(place))).round, round)
    const session = await stores.sessions.findActive(place.owner, place.event_id)
    const extras = { session_id: session?.session_id, action: 'create_new_session' }
    await t.rejects(messages.ask(aQuestion(place)), { code: 'session_round_limit', extras })
    t.equal(await getSeq(stores, place), 20)
  })

  t.test('[ASK4] of twenty-five simultaneous questions in a session of ten rounds, ten are stored', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await createSession(stores, place)
    const asks = Array.from({ length: 25 }, () => messages.ask(aQuestion(place, { session_id })))
    const settled = await Promise.allSettled(asks)
    const rounds = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value.round : []))
    t.same(
      rounds.sort((a, b) => a - b),
      countUpTo(10),
    )
    const refused = settled.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : []))
    t.same([...new Set(refused)], ['session_round_limit'])
    t.equal(await getSeq(stores, place), 20)
  })
}

export function proveSessionChoice(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK5] first questions that race share one session', async (t) => {
    const place = await aPlace(stores)
    const results = await Promise.all(Array.from({ length: 8 }, () => messages.ask(aQuestion(place))))
    t.equal(new Set(results.map((result) => result.session_id)).size, 1)
    const { items } = await stores.sessions.list(place.owner, place.event_id, { limit: 10 })
    t.match(items, [{ session_id: results[0]?.session_id, active: true, rounds: 8 }])
    t.equal(items.length, 1)
  })

  t.test('[ASK5] a question goes to the active session, or to the one that it names', async (t) => {
    const place = await aPlace(stores)
    const first = await messages.ask(aQuestion(place))
    const second = await createSession(stores, place)
    t.equal((await messages.ask(aQuestion(place))).session_id, second.session_id)
    const named = await messages.ask(aQuestion(place, { session_id: first.session_id }))
    t.match(named, { session_id: first.session_id, round: 2 })
    const ofOtherUser = await messages.ask(aQuestion(place, { user_id: place.other }))
    t.equal(ofOtherUser.round, 1, 'another user has a different session')
  })

  t.test('[ASK5] a visibility chooses an active session; without it, the session used last is chosen', async (t) => {
    const place = await aPlace(stores)
    const inPrivate = await messages.ask(aQuestion(place))
    const shared = await messages.ask(aQuestion(place, { visibility: 'room' }))
    t.match(shared.question, { audience: 'people', message: { visibility: 'room' } })
    t.match(await messages.ask(aQuestion(place)), { session_id: shared.session_id, round: 2 })
    const secondInPrivate = await messages.ask(aQuestion(place, { visibility: 'private' }))
    t.match(secondInPrivate, { session_id: inPrivate.session_id, round: 2, question: { audience: place.owner } })
    t.match(await messages.ask(aQuestion(place)), { session_id: inPrivate.session_id, round: 3 })
    const named = await messages.ask(aQuestion(place, { session_id: shared.session_id }))
    const afterNamed = await messages.ask(aQuestion(place))
    t.match(afterNamed, { session_id: named.session_id, round: 4 }, 'a named active session is then the one used last')
    const { items } = await stores.sessions.list(place.owner, place.event_id, { limit: 10 })
    t.same(
      items.map(({ session_id, active }) => [session_id, active]).sort(),
      [inPrivate, shared].map((session) => [session.session_id, true]).sort(),
    )
  })

  t.test('[ASK5] simultaneous first questions of both visibilities open one session of each visibility', async (t) => {
    const place = await aPlace(stores)
    const visibilities = Array.from({ length: 5 }, () => ['private', 'room'] as const).flat()

    const results = await Promise.all(visibilities.map((visibility) => messages.ask(aQuestion(place, { visibility }))))

    t.equal(new Set(results.map((result) => result.session_id)).size, 2)
    t.same(
      results.map(({ question }) => question.message.visibility),
      visibilities,
    )
  })

  t.test('[ASK6] a visibility that differs from the named session’s is refused', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await messages.ask(aQuestion(place, { visibility: 'private' }))
    const shared = aQuestion(place, { session_id, visibility: 'room' })
    await t.rejects(messages.ask(shared), { code: 'session_visibility_mismatch' })
    t.equal((await messages.ask(aQuestion(place, { session_id, visibility: 'private' }))).round, 2)
    t.equal(await getSeq(stores, place), 4)
  })

  t.test(
    '[ASK7] another user’s session, a session of another event and an unknown session look the same',
    async (t) => {
      const place = await aPlace(stores)
      const { session_id } = await messages.ask(aQuestion(place))
      const elsewhere = await anEvent(stores)
      const asks = [
        aQuestion(place, { user_id: place.other, session_id }),
        aQuestion(place, { event_id: elsewhere.event_id, session_id }),
        aQuestion(place, { session_id: 'chat_00000000_00000000' }),
      ]
      for (const ask of asks) await t.rejects(messages.ask(ask), { code: 'session_not_found' })
      t.equal(await getSeq(stores, place), 2)
    },
  )
}
