import type { Test } from 'tap'
import { listAudiences } from '../../../src/people/access.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  getSeq,
  type Harness,
  listIds,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'

/** Creates the reader and pinner of this id, with the audiences of an engineer. */
const aPerson = (user_id: string) => ({ user_id, audiences: listAudiences({ user_id, role: 'engineer' }) })

export const pinsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'pins', make, provePinning, proveUnpinning, provePinLists, provePrivatePins, provePinsAndRetries)

function provePinning(t: Test, { stores }: Harness): void {
  const { pins, timeline } = stores

  t.test('[PIN1] a pin is a change of the row, which keeps its position', async (t) => {
    const place = await aPlace(stores)
    const { row } = await postMessage(stores, place)
    await postMessage(stores, place)

    const pinned = await pins.pin(place.event_id, row.message.message_id, aPerson(place.other))

    t.match(pinned.row.message, { position: 1, seq: 3, pinned: { user_id: place.other } })
    t.equal(pinned.row.message.created_at, row.message.created_at, 'at its original time')
    t.equal(pinned.row.message.pinned?.at, pinned.row.message.updated_at)
    t.match(pinned.change, { event_id: place.event_id, first_seq: 3, seq: 3, rows: [pinned.row] })
    const changes = await timeline.readChanges(place.event_id, ['all'], 2, 10)
    t.same(changes?.rows, [pinned.row], 'a client that resumes gets it')
  })

  t.test('[PIN1] the first pin stays', async (t) => {
    const { place, message_id, pinned } = await aPinnedPost(stores)
    const repeated = await pins.pin(place.event_id, message_id, aPerson(place.owner))
    t.same(repeated, { row: pinned, change: null })
    t.equal(await getSeq(stores, place), pinned.message.seq)
  })

  t.test('[PIN1] a message that several people pin at the same time is pinned once', async (t) => {
    const place = await aPlace(stores)
    const { row } = await postMessage(stores, place)

    const pinned = await Promise.all(
      Array.from({ length: 8 }, () => pins.pin(place.event_id, row.message.message_id, aPerson(createId()))),
    )

    t.equal(pinned.filter(({ change }) => change !== null).length, 1)
    t.equal(new Set(pinned.map((result) => result.row.message.pinned?.user_id)).size, 1)
  })

  t.test('[PIN4] a message that is unfinished, of another event or unknown is not pinned', async (t) => {
    const [place, elsewhere] = [await aPlace(stores), await aPlace(stores)]
    const { reply } = await stores.messages.ask(aQuestion(place, { visibility: 'room' }))
    const { row } = await postMessage(stores, elsewhere)
    const before = await getSeq(stores, place)
    const code = 'message_not_found'
    for (const message_id of [reply.message.message_id, row.message.message_id, createId()]) {
      await t.rejects(pins.pin(place.event_id, message_id, aPerson(place.owner)), { code })
    }
    await t.rejects(pins.pin(createId(), row.message.message_id, aPerson(place.owner)), { code })
    t.equal(await getSeq(stores, place), before, 'no sequence number is taken')
    t.same((await pins.list(place.event_id, ['all', 'people'], { after: 0, limit: 5 })).rows, [])
  })
}

function proveUnpinning(t: Test, { stores }: Harness): void {
  const { pins, timeline } = stores

  t.test('[PIN1] unpinning is a change of the row, too', async (t) => {
    const { place, message_id, pinned } = await aPinnedPost(stores)

    const { row, change } = await pins.unpin(place.event_id, message_id, aPerson(place.owner))

    const seq = pinned.message.seq + 1
    t.match(
      [row.message, change],
      [
        { position: 1, seq },
        { first_seq: seq, seq },
      ],
    )
    t.notOk('pinned' in row.message)
    t.same((await timeline.readPage(place.event_id, ['all'], { limit: 5 })).rows, [row])
  })

  t.test('[PIN1] a message is unpinned once', async (t) => {
    const { place, message_id } = await aPinnedPost(stores)
    const { row } = await pins.unpin(place.event_id, message_id, aPerson(place.owner))
    t.same(await pins.unpin(place.event_id, message_id, aPerson(place.owner)), { row, change: null })
  })
}

function provePinLists(t: Test, { stores }: Harness): void {
  const { pins } = stores

  t.test('[PIN2] pins are listed in the order in which the messages were written, page by page', async (t) => {
    const { place, ids } = await aRoomWithPins(stores)
    const list = async (after: number, limit: number) => {
      const page = await pins.list(place.event_id, aPerson(place.other).audiences, { after, limit })
      return [listIds(page.rows), page.has_more]
    }
    t.same(await list(0, 5), [ids, false])
    t.same(await list(0, 2), [ids.slice(0, 2), true])
    t.same(await list(0, 1), [ids.slice(0, 1), true])
    t.same(await list(3, 2), [ids.slice(2), false])
  })

  t.test('[PIN2] a reader is given the pins that they may see', async (t) => {
    const { place, ids } = await aRoomWithPins(stores)
    const all = { after: 0, limit: 5 }
    t.same(listIds((await pins.list(place.event_id, ['all'], all)).rows), ids.slice(0, 2), 'an agent sees no chat')
    t.same((await pins.list(createId(), aPerson(place.other).audiences, all)).rows, [])
  })
}

function provePrivatePins(t: Test, { stores }: Harness): void {
  const { pins, messages } = stores

  t.test('[PIN3] a private message cannot be pinned; to others it does not exist', async (t) => {
    const { place, message_id } = await aPrivateAnswer(stores)
    const { event_id, owner, other } = place
    await t.rejects(pins.pin(event_id, message_id, aPerson(owner)), { code: 'message_private' })
    await t.rejects(pins.pin(event_id, message_id, aPerson(other)), { code: 'message_not_found' })
    await t.rejects(pins.unpin(event_id, message_id, aPerson(other)), { code: 'message_not_found' })
  })

  t.test('[PIN3] a private message is pinned once it is shared, and stays hidden from agents', async (t) => {
    const { place, session_id, message_id } = await aPrivateAnswer(stores)
    const { event_id, owner, other } = place

    await messages.share(owner, session_id)

    const agent = { user_id: createId(), audiences: ['all'] }
    await t.rejects(pins.pin(event_id, message_id, agent), { code: 'message_not_found' })
    t.match(await pins.pin(event_id, message_id, aPerson(other)), { row: { audience: 'people' } })
    t.same((await pins.list(event_id, ['all'], { after: 0, limit: 5 })).rows, [])
  })
}

function provePinsAndRetries(t: Test, { stores }: Harness): void {
  const { pins, messages } = stores

  t.test('[PIN6] a pinned reply is not asked again', async (t) => {
    const { place, message_id } = await aSharedAnswer(stores)
    const pinned = await pins.pin(place.event_id, message_id, aPerson(place.other))
    await t.rejects(messages.retry(place.owner, message_id), { code: 'message_pinned' })
    t.same(await messages.findOwnReply(place.owner, message_id), pinned.row)
    t.equal(await getSeq(stores, place), pinned.row.message.seq, 'no sequence number is taken')
  })

  t.test('[PIN6] an unpinned reply is asked again', async (t) => {
    const { place, message_id } = await aSharedAnswer(stores)
    await pins.pin(place.event_id, message_id, aPerson(place.other))
    await pins.unpin(place.event_id, message_id, aPerson(place.other))
    t.match(await messages.retry(place.owner, message_id), { row: { message: { message_type: 'thinking' } } })
  })

  t.test('[PIN6] of a pin and a retry that race, one succeeds', async (t) => {
    const { place, message_id } = await aSharedAnswer(stores)
    const race = await Promise.allSettled([
      messages.retry(place.owner, message_id),
      pins.pin(place.event_id, message_id, aPerson(place.other)),
    ])
    t.equal(race.filter(({ status }) => status === 'fulfilled').length, 1)
  })
}

async function aPinnedPost(stores: Stores) {
  const place = await aPlace(stores)
  const { message_id } = (await postMessage(stores, place)).row.message
  const { row } = await stores.pins.pin(place.event_id, message_id, aPerson(place.other))
  return { place, message_id, pinned: row }
}

/** Pins two of three posts and a shared question, not in the room's order; `ids` has the room's order. */
async function aRoomWithPins(stores: Stores): Promise<{ place: Place; ids: string[] }> {
  const place = await aPlace(stores)
  const [first, , third] = [
    await postMessage(stores, place),
    await postMessage(stores, place),
    await postMessage(stores, place),
  ]
  const shared = await stores.messages.ask(aQuestion(place, { visibility: 'room' }))
  const rows = [first.row, third.row, shared.question]
  for (const row of rows.toReversed())
    await stores.pins.pin(place.event_id, row.message.message_id, aPerson(place.other))
  return { place, ids: listIds(rows) }
}

async function aPrivateAnswer(stores: Stores) {
  const place = await aPlace(stores)
  const { reply, session_id } = await stores.messages.ask(aQuestion(place))
  await answerReply(stores, reply.message.message_id)
  return { place, session_id, message_id: reply.message.message_id }
}

async function aSharedAnswer(stores: Stores) {
  const place = await aPlace(stores)
  const { reply } = await stores.messages.ask(aQuestion(place, { visibility: 'room' }))
  await answerReply(stores, reply.message.message_id)
  return { place, message_id: reply.message.message_id }
}
