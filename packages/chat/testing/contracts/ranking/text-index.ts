import type { Test } from 'tap'
import type { RankedMessage } from '../../../src/ranking/text-index.ts'
import { resetRooms } from '../../../src/rooms/follow-rooms.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { StoredMessage } from '../../../src/shared/room-change.ts'
import type { Stores } from '../../../src/stores.ts'
import { answerReply, aPlace, aQuestion, type Harness, type MakeHarness, type Place, runSuite } from '../harness.ts'
import { indexRoom, postAsPerson, rank } from './index-reads.ts'
import { provePieces } from './piece-index.ts'
import { proveExactness } from './text-index-exactness.ts'

export const textIndexContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'text index', make, proveContent, proveFollowing, proveRanking, proveExactness, provePieces)

const listPositions = (ranked: RankedMessage[]): number[] => ranked.map(({ position }) => position)
const getPosition = ({ message }: StoredMessage): number => message.position

function proveContent(t: Test, { stores }: Harness): void {
  t.test('[RANK3] people’s posts are ranked, agents’ messages and changes of the event are not', async (t) => {
    const place = await aPlace(stores)
    const post = await postAsPerson(stores, place, 'the beacon is back')
    await stores.messages.post({ ...createAgentPost(place), content: { content: 'the beacon is back' } })
    await stores.events.update(place.event_id, { event_name: 'the beacon is back' }, createEngineer(place.owner))
    await indexRoom(stores, place.event_id)
    t.same(listPositions(await rank(stores, place, 'beacon')), [getPosition(post)])
  })

  t.test('[RANK3] a post for people alone is ranked', async (t) => {
    const place = await aPlace(stores)
    const post = await postAsPerson(stores, place, 'see this', { audience: 'people' })
    await indexRoom(stores, place.event_id)
    t.same(listPositions(await rank(stores, place, 'see')), [getPosition(post)])
  })

  t.test('[RANK3] a private session is not ranked before it is shared', async (t) => {
    const place = await aPlace(stores)
    const asked = await stores.messages.ask(aQuestion(place, { text: 'Is the beacon back?' }))
    await answerReply(stores, asked.reply.message.message_id, { content: 'The beacon is gone.' })
    await indexRoom(stores, place.event_id)
    t.same(await rank(stores, place, 'beacon'), [])

    await stores.messages.share(place.owner, asked.session_id)
    await indexRoom(stores, place.event_id)

    const expected = [getPosition(asked.question), getPosition(asked.reply)]
    t.same(listPositions(await rank(stores, place, 'beacon')).sort(), expected)
  })

  t.test('[RANK3] a reply is ranked when it has ended as an answer, and not as an error', async (t) => {
    const place = await aPlace(stores)
    const [answered, failed] = [await askRoom(stores, place, 'One?'), await askRoom(stores, place, 'Two?')]
    await answerReply(stores, answered.message.message_id, { content: 'The beacon is gone.' })
    const error = { code: 'llm_unreachable', retryable: true } as const
    await answerReply(stores, failed.message.message_id, { content: 'No beacon for now.', error })
    await indexRoom(stores, place.event_id)
    t.same(listPositions(await rank(stores, place, 'beacon')), [getPosition(answered)])
  })
}

const createEngineer = (user_id: string) => ({ user_id, role: 'engineer' as const })

/** Asks a shared question. Returns its reply. */
async function askRoom(stores: Stores, place: Place, text: string): Promise<StoredMessage> {
  return (await stores.messages.ask(aQuestion(place, { text, visibility: 'room' }))).reply
}

function proveFollowing(t: Test, { stores }: Harness): void {
  const { textIndex } = stores
  const isBehind = async ({ event_id }: Place) => (await textIndex.listRoomsBehind(1_000)).includes(event_id)

  t.test('[RANK4] a room is behind until its changes are read, batch after batch', async (t) => {
    const place = await aPlace(stores)
    for (let n = 0; n < 5; n++) await postAsPerson(stores, place, 'beacon')
    t.ok(await isBehind(place))

    t.equal(await indexRoom(stores, place.event_id, 2), 3)

    t.notOk(await isBehind(place))
    t.equal((await rank(stores, place, 'beacon')).length, 5)
    t.ok((await textIndex.listFollowedRooms({ after: '', limit: 1_000 })).includes(place.event_id))
  })

  t.test('[RANK4] workers at the same time index each message once', async (t) => {
    const place = await aPlace(stores)
    for (let n = 0; n < 6; n++) await postAsPerson(stores, place, n === 0 ? 'beacon' : 'other')
    await Promise.all(Array.from({ length: 4 }, () => indexRoom(stores, place.event_id, 2)))
    const rankedAfterRace = await rank(stores, place, 'beacon')
    await textIndex.reset(place.event_id)
    t.same(await rank(stores, place, 'beacon'), [])
    await indexRoom(stores, place.event_id)
    const rankedByOneWorker = await rank(stores, place, 'beacon')
    t.equal(rankedByOneWorker.length, 1)
    t.same(rankedAfterRace, rankedByOneWorker, 'the counts are right, too')
  })

  t.test('[RANK5] an answer that is asked again leaves the index until there is a new one', async (t) => {
    const place = await aPlace(stores)
    const reply = await askRoom(stores, place, 'What now?')
    await answerReply(stores, reply.message.message_id, { content: 'Block the old beacon.' })
    await indexRoom(stores, place.event_id)
    await stores.messages.retry(place.owner, reply.message.message_id, () => ({ tokens: 0, micros: 0 }))
    await indexRoom(stores, place.event_id)
    t.same(await rank(stores, place, 'beacon'), [])

    await answerReply(stores, reply.message.message_id, { content: 'Block the new domain.' })
    await indexRoom(stores, place.event_id)

    t.same(await rank(stores, place, 'old'), [])
    t.same(listPositions(await rank(stores, place, 'domain')), [getPosition(reply)])
  })

  t.test('[RANK6] a room that is reset is read again from its beginning', async (t) => {
    const place = await aPlace(stores)
    await postAsPerson(stores, place, 'beacon')
    await indexRoom(stores, place.event_id)
    await textIndex.reset(place.event_id)
    t.same(await rank(stores, place, 'beacon'), [])
    t.ok(await isBehind(place))
  })

  t.test('[RANK6] a room that does not exist is not reset, and is not followed afterwards', async (t) => {
    const { event_id } = await aPlace(stores)
    const unknown = createId()
    t.same([await resetRooms(textIndex, event_id), await resetRooms(textIndex, unknown)], [1, 0])
    const followed = await textIndex.listFollowedRooms({ after: '', limit: 1_000 })
    t.same([followed.includes(event_id), followed.includes(unknown)], [true, false])
  })
}

function proveRanking(t: Test, { stores }: Harness): void {
  t.test('[RANK7] the message that holds more of the rarer words comes first', async (t) => {
    const place = await aPlace(stores)
    const both = await postAsPerson(stores, place, 'A beacon of a host.')
    const rare = await postAsPerson(stores, place, 'It is the beacon.')
    for (let n = 0; n < 4; n++) await postAsPerson(stores, place, `See the host ${n}00.`)
    for (let n = 0; n < 8; n++) await postAsPerson(stores, place, `Somebody looks at ${n}00.`)
    await indexRoom(stores, place.event_id)

    const ranked = await rank(stores, place, 'beacon host')

    t.same(listPositions(ranked).slice(0, 2), [getPosition(both), getPosition(rare)])
    t.ok((ranked[0]?.relevance ?? 0) > (ranked[1]?.relevance ?? 0))
    t.same(await rank(stores, place, 'beacon host', { limit: 1 }), ranked.slice(0, 1))
  })

  t.test('[RANK7] nothing is ranked where no message fits', async (t) => {
    const place = await aPlace(stores)
    await postAsPerson(stores, place, 'The beacon of host seven is gone.')
    await indexRoom(stores, place.event_id)
    t.same(await rank(stores, place, 'Which certificate expires in the payment gateway of Lisbon?'), [])
    t.same(await rank(stores, place, ''), [])
    t.same(await rank(stores, { ...place, event_id: 'nowhere' }, 'beacon'), [])
  })

  t.test('[RANK8] nothing at or after a position is ranked, and no message of another event', async (t) => {
    const [place, other] = [await aPlace(stores), await aPlace(stores)]
    const first = await postAsPerson(stores, place, 'beacon')
    const second = await postAsPerson(stores, place, 'beacon')
    await postAsPerson(stores, other, 'beacon')
    for (const { event_id } of [place, other]) await indexRoom(stores, event_id)
    const beforePosition = getPosition(second)
    t.same(listPositions(await rank(stores, place, 'beacon', { beforePosition })), [getPosition(first)])
  })
}

const createAgentPost = (place: Place) => ({
  message_id: `${place.event_id}-agent`,
  event_id: place.event_id,
  user_id: place.owner,
  category: 'agent' as const,
  message_from: '_captain' as const,
  message_type: 'command_result' as const,
  round_id: 1,
  audience: 'all',
})
