import type { Test } from 'tap'
import type { RoomChange } from '../../../src/shared/room-change.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  aUser,
  claimReply,
  countUpTo,
  type Harness,
  LEASE_MS,
  listSeqs,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'

const ANSWER = { type: 'chat', content: { content: 'Isolate it.' } } as const

/** Proves the guarantees of a room under simultaneous writes. */
export const racesContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'races', make, proveNumbersUnderLoad, proveRacingWrites)

function proveNumbersUnderLoad(t: Test, { stores }: Harness): void {
  const { timeline } = stores

  t.test('[STORE1] under simultaneous writes of every kind no sequence number is lost or taken twice', async (t) => {
    const place = await aPlace(stores)
    const people = await Promise.all(Array.from({ length: 6 }, () => aUser(stores)))
    const changes = (await Promise.all(people.map((owner) => writeOfEveryKind(stores, { ...place, owner })))).flat()
    const all = await timeline.readChanges(place.event_id, null, 0, 1_000)
    const published = changes.flatMap(listSeqs).sort((a, b) => a - b)
    t.same(published, countUpTo(all?.seq ?? 0))
    const rows = all?.rows.map((row) => row.message) ?? []
    t.equal(new Set(rows.map((row) => row.position)).size, rows.length)
    const questions = rows.filter((row) => row.sender_type === 'user').map((row) => row.message_id)
    const answered = rows.flatMap((row) => row.reply_to ?? [])
    t.same(answered.toSorted(), questions.toSorted(), 'each question has one reply')
    t.same(await timeline.listUnfinishedReplies(place.event_id), [], 'each reply has ended')
  })
}

function proveRacingWrites(t: Test, { stores }: Harness): void {
  const { messages, replies, timeline } = stores

  t.test('[LIFE7] a reply cancelled and claimed at the same time ends, or belongs to its worker', async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const place = await aPlace(stores)
      const { message_id } = (await messages.ask(aQuestion(place))).reply.message
      const [cancelled, claim] = await Promise.all([
        messages.cancel(place.owner, message_id),
        replies.claim(message_id, LEASE_MS),
      ])
      t.equal(cancelled.claimed, claim !== undefined)
      t.equal(cancelled.change === null, claim !== undefined)
    }
  })

  t.test('[LIFE8] of several simultaneous retries, only one changes the reply', async (t) => {
    const place = await aPlace(stores)
    const { message_id } = (await messages.ask(aQuestion(place))).reply.message
    const { row } = await answerReply(stores, message_id)
    const retried = await Promise.all(Array.from({ length: 5 }, () => messages.retry(place.owner, message_id)))
    t.equal(retried.filter((result) => result.change !== null).length, 1)
    t.same([...new Set(retried.map((result) => result.row.message.seq))], [row.message.seq + 1])
  })

  t.test(
    '[LIFE10] if a session is shared while questions are asked in it, none of its rows stays private',
    async (t) => {
      const place = await aPlace(stores)
      const { session_id, reply } = await messages.ask(aQuestion(place))
      const { message_id } = reply.message
      const ref = { message_id, attempt: await claimReply(stores, message_id) }
      await Promise.all([
        messages.share(place.owner, session_id),
        replies.finish(ref, ANSWER),
        ...Array.from({ length: 3 }, () => messages.ask(aQuestion(place))),
      ])
      const { rows } = await timeline.readSessionPage(session_id, { limit: 50 })
      t.same(
        rows.map((row) => row.audience),
        Array(8).fill('people'), // four questions and their replies
      )
    },
  )
}

/** Asks two questions, cancels one, answers the other, retries it, answers it again and shares. Returns all changes. */
async function writeOfEveryKind(stores: Stores, place: Place): Promise<RoomChange[]> {
  const { messages, replies } = stores
  const [first, second] = await Promise.all([messages.ask(aQuestion(place)), messages.ask(aQuestion(place))])
  const [firstId, secondId] = [first, second]
    .toSorted((a, b) => a.round - b.round)
    .map((asked) => asked.reply.message.message_id)
  if (!firstId || !secondId) throw new Error('A question or a reply is missing.')
  const cancelled = await messages.cancel(place.owner, firstId)
  const ref = { message_id: secondId, attempt: await claimReply(stores, secondId) }
  const finished = await Promise.all([replies.finish(ref, ANSWER), replies.finish(ref, ANSWER)])
  const retried = await messages.retry(place.owner, secondId)
  const shared = await Promise.all([messages.share(place.owner, first.session_id), answerReply(stores, secondId)])
  return [first, second, cancelled, ...finished, retried, ...shared].flatMap((result) => result?.change ?? [])
}
