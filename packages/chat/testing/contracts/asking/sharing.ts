import type { Test } from 'tap'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, claimReply, type Harness, listIds, readRows } from '../harness.ts'

export function proveSharing(t: Test, { stores }: Harness): void {
  const { messages, replies } = stores

  t.test('[LIFE10] sharing gives each row a new sequence number, in the order of their positions', async (t) => {
    const { place, session_id } = await askTwoQuestions(stores)
    const before = await readRows(stores, place, [place.owner])

    const { change } = await messages.share(place.owner, session_id)

    t.match(change, { event_id: place.event_id, first_seq: 6, seq: 9 })
    t.same(
      change?.rows?.map((row) => row.message.seq),
      [6, 7, 8, 9],
    )
    t.same(listIds(change?.rows ?? []), listIds(before))
  })

  t.test('[LIFE10] people see a shared session; an agent sees none of it', async (t) => {
    const { place, session_id } = await askTwoQuestions(stores)
    const before = await readRows(stores, place, [place.owner])

    const { change } = await messages.share(place.owner, session_id)

    t.ok(change?.rows?.every((row) => row.audience === 'people' && row.message.visibility === 'room'))
    t.same(listIds(await readRows(stores, place, ['all', 'people', place.other])), listIds(before))
    t.same(await readRows(stores, place, ['all']), [])
    t.match(await stores.sessions.find(place.owner, session_id), { visibility: 'room' })
  })

  t.test('[LIFE10] sharing a session a second time changes nothing', async (t) => {
    const { place, session_id } = await askTwoQuestions(stores)
    await messages.share(place.owner, session_id)
    t.same(await messages.share(place.owner, session_id), { change: null })
  })

  t.test('[LIFE10] a reply that is shared while it is written ends with the audience `people`', async (t) => {
    const place = await aPlace(stores)
    const { session_id, reply } = await messages.ask(aQuestion(place))
    const { message_id } = reply.message
    const ref = { message_id, attempt: await claimReply(stores, message_id) }
    await messages.share(place.owner, session_id)
    const finished = await replies.finish(ref, { type: 'chat', content: { content: 'Yes.' } })
    t.match(finished?.row, { audience: 'people', message: { visibility: 'room', seq: 5 } })
    t.equal((await messages.ask(aQuestion(place))).reply.audience, 'people')
  })

  t.test('[SESS5] a session that is shared becomes the active shared session', async (t) => {
    const { place, session_id } = await askTwoQuestions(stores)
    const inFormerShared = await messages.ask(aQuestion(place, { visibility: 'room' }))

    await messages.share(place.owner, session_id)

    t.match(await stores.sessions.find(place.owner, session_id), { active: true, visibility: 'room' })
    t.match(await stores.sessions.find(place.owner, inFormerShared.session_id), { active: false })
    t.equal((await messages.ask(aQuestion(place, { visibility: 'room' }))).session_id, session_id)
    t.not((await messages.ask(aQuestion(place, { visibility: 'private' }))).session_id, session_id)
  })

  t.test('[LIFE10] nobody can share another user’s session', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await messages.ask(aQuestion(place))
    await t.rejects(messages.share(place.other, session_id), { code: 'session_not_found' })
    await t.rejects(messages.share(place.owner, 'chat_00000000_00000000'), { code: 'session_not_found' })
    t.same(await readRows(stores, place, ['all', 'people', place.other]), [])
  })
}

/** Asks two questions in one session and answers the first. */
async function askTwoQuestions(stores: Stores) {
  const place = await aPlace(stores)
  const { session_id, reply } = await stores.messages.ask(aQuestion(place))
  await answerReply(stores, reply.message.message_id)
  await stores.messages.ask(aQuestion(place))
  return { place, session_id }
}
