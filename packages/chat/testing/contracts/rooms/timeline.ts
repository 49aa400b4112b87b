import type { Test } from 'tap'
import { listAudiences } from '../../../src/people/access.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  createSession,
  type Harness,
  listIds,
  type MakeHarness,
  postMessage,
  runSuite,
} from '../harness.ts'

export const timelineContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'timeline', make, provePages, provePositions, proveAudiences, proveChanges, proveRoomState)

function provePages(t: Test, { stores }: Harness): void {
  const { messages, timeline } = stores

  t.test('[PAGE1] pages go back from the newest message, and a page begins with its oldest one', async (t) => {
    const place = await aPlace(stores)
    for (let index = 0; index < 5; index += 1) await postMessage(stores, place)
    const listPositions = async (query: { before?: number; limit: number }) => {
      const page = await timeline.readPage(place.event_id, ['all'], query)
      return { positions: page.rows.map((row) => row.message.position), has_more: page.has_more, seq: page.seq }
    }
    t.same(await listPositions({ limit: 2 }), { positions: [4, 5], has_more: true, seq: 5 })
    t.same(await listPositions({ limit: 2, before: 4 }), { positions: [2, 3], has_more: true, seq: 5 })
    t.same(await listPositions({ limit: 2, before: 2 }), { positions: [1], has_more: false, seq: 5 })
    t.same(await listPositions({ limit: 5 }), { positions: [1, 2, 3, 4, 5], has_more: false, seq: 5 })
  })

  t.test('[PAGE6] pages continue after a position', async (t) => {
    const place = await aPlace(stores)
    for (let index = 0; index < 5; index += 1) await postMessage(stores, place)
    await messages.ask(aQuestion(place))
    const listPositions = async (query: { after: number; limit: number }) => {
      const page = await timeline.readPage(place.event_id, ['all'], query)
      return { positions: page.rows.map((row) => row.message.position), has_more: page.has_more }
    }
    t.same(await listPositions({ after: 0, limit: 2 }), { positions: [1, 2], has_more: true })
    t.same(
      await listPositions({ after: 2, limit: 3 }),
      { positions: [3, 4, 5], has_more: false },
      'other users’ rows are not among them',
    )
    t.same(await listPositions({ after: 5, limit: 3 }), { positions: [], has_more: false })
  })
}

function provePositions(t: Test, { stores }: Harness): void {
  const { timeline, messages } = stores

  t.test('[PAGE6] a message’s position is found only by a reader who may see the message', async (t) => {
    const place = await aPlace(stores)
    await postMessage(stores, place)
    const { row } = await postMessage(stores, place)
    const secret = await messages.ask(aQuestion(place))
    const findPosition = (audiences: string[], message_id: string, event_id = place.event_id) =>
      timeline.findPosition(event_id, audiences, message_id)
    const { message_id } = secret.question.message
    t.equal(await findPosition(['all'], row.message.message_id), 2)
    t.equal(await findPosition(['all', 'people', place.owner], message_id), 3)
    t.equal(await findPosition(['all', 'people', place.other], message_id), undefined)
    t.equal(await findPosition(['all', 'people', place.owner], message_id, createId()), undefined)
    t.equal(await findPosition(['all'], createId()), undefined)
  })

  t.test('[PAGE4] a session’s page goes back from its newest row', async (t) => {
    const place = await aPlace(stores)
    const first = await messages.ask(aQuestion(place))
    const second = await messages.ask(aQuestion(place))
    await postMessage(stores, place)
    await createSession(stores, place)
    await messages.ask(aQuestion(place))

    const page = await timeline.readSessionPage(first.session_id, { limit: 3 })
    const before = first.reply.message.position
    const olderPage = await timeline.readSessionPage(first.session_id, { limit: 3, before })

    t.same(page.rows, [first.reply, second.question, second.reply])
    t.match(page, { has_more: true, seq: 7 })
    t.match(olderPage, { rows: [first.question], has_more: false })
  })
}

function proveAudiences(t: Test, { stores }: Harness): void {
  const { timeline } = stores

  t.test('[PAGE2] readers see the rows of their audiences, an admin no more than others', async (t) => {
    const { place, posts, mine, theirs } = await aRoomOfAllAudiences(stores)
    const read = async (caller: Caller) =>
      listIds((await timeline.readPage(place.event_id, listAudiences(caller), { limit: 50 })).rows)
    t.same(await read({ user_id: place.owner, role: 'engineer' }), [...posts, ...mine, ...theirs])
    t.same(await read({ user_id: place.other, role: 'admin' }), [...posts, ...theirs])
    t.same(await read({ user_id: place.owner, role: 'agent' }), posts)
  })

  t.test('[PAGE2] pages and changes show a reader the same rows', async (t) => {
    const { place } = await aRoomOfAllAudiences(stores)
    for (const role of ['engineer', 'agent'] as const) {
      const audiences = listAudiences({ user_id: place.owner, role })
      const page = await timeline.readPage(place.event_id, audiences, { limit: 50 })
      const changes = await timeline.readChanges(place.event_id, audiences, 0, 50)
      t.same(changes?.rows, page.rows)
    }
  })

  t.test('[PAGE2] a node’s own cache reads the rows of every audience', async (t) => {
    const { place, posts, mine, theirs, secret } = await aRoomOfAllAudiences(stores)
    const changes = await timeline.readChanges(place.event_id, null, 0, 50)
    t.same(listIds(changes?.rows ?? []), [...posts, ...mine, ...theirs, ...secret])
  })
}

function proveChanges(t: Test, { stores }: Harness): void {
  const { timeline } = stores

  t.test('[PAGE3] changes come in the order of their numbers, each row once and as it is now', async (t) => {
    const { place, audiences, rows } = await aChangedRoom(stores)
    const changes = await timeline.readChanges(place.event_id, audiences, 0, 10)
    t.match(changes, { seq: 4, complete: true, event: { event_id: place.event_id, seq: 4 } })
    t.same(changes?.rows, rows)
  })

  t.test('[PAGE3] changes after a number are the rows that took a later one', async (t) => {
    const { place, audiences, rows } = await aChangedRoom(stores)
    t.same((await timeline.readChanges(place.event_id, audiences, 3, 10))?.rows, rows.slice(2))
    t.same((await timeline.readChanges(place.event_id, audiences, 4, 10))?.rows, [])
    t.equal(await timeline.readChanges(createId(), audiences, 0, 10), undefined)
  })

  t.test('[PAGE3] changes that the limit cut are not complete', async (t) => {
    const { place, audiences, rows } = await aChangedRoom(stores)
    const cutChanges = await timeline.readChanges(place.event_id, audiences, 0, 2)
    t.match(cutChanges, { rows: rows.slice(0, 2), complete: false })
    t.match(await timeline.readChanges(place.event_id, audiences, 0, 3), { complete: true })
  })
}

function proveRoomState(t: Test, { stores }: Harness): void {
  const { messages, timeline } = stores

  t.test('[PAGE5] the unfinished replies of a room are listed, no matter who asked', async (t) => {
    const place = await aPlace(stores)
    const finished = await messages.ask(aQuestion(place))
    await answerReply(stores, finished.reply.message.message_id)
    const mine = await messages.ask(aQuestion(place))
    const theirs = await messages.ask(aQuestion(place, { user_id: place.other }))

    const thinking = await timeline.listUnfinishedReplies(place.event_id)

    t.same(new Set(listIds(thinking)), new Set(listIds([mine.reply, theirs.reply])))
  })

  t.test('[PAGE5] the sequence numbers of many rooms come in one read', async (t) => {
    const [place, elsewhere] = await Promise.all([aPlace(stores), aPlace(stores)])
    await messages.ask(aQuestion(place))

    const seqs = await timeline.readSeqs([place.event_id, elsewhere.event_id, createId()])

    t.same(Object.fromEntries(seqs), { [place.event_id]: 2, [elsewhere.event_id]: 0 })
    t.equal((await timeline.readSeqs([])).size, 0)
  })

  t.test('[PAGE1] a read mark that goes back is not refused', async (t) => {
    const place = await aPlace(stores)
    await timeline.markRead(place.event_id, place.owner, 2)
    await timeline.markRead(place.event_id, place.owner, 1)
    t.pass('the mark is not refused')
  })
}

type Caller = Parameters<typeof listAudiences>[0]

/** Writes a post and three questions: a private one of the owner, a shared one of another, and a third user's. */
async function aRoomOfAllAudiences(stores: Stores) {
  const place = await aPlace(stores)
  const posted = await postMessage(stores, place)
  const mine = await stores.messages.ask(aQuestion(place))
  const theirs = await stores.messages.ask(aQuestion(place, { user_id: place.other, visibility: 'room' }))
  const secret = await stores.messages.ask(aQuestion({ ...place, owner: createId() }))
  const listPairIds = ({ question, reply }: typeof mine) => listIds([question, reply])
  return {
    place,
    posts: listIds([posted.row]),
    mine: listPairIds(mine),
    theirs: listPairIds(theirs),
    secret: listPairIds(secret),
  }
}

/** Asks a question, posts, and then answers the question, which changes the row of its reply. */
async function aChangedRoom(stores: Stores) {
  const place = await aPlace(stores)
  const { reply, question: first } = await stores.messages.ask(aQuestion(place))
  const posted = await postMessage(stores, place)
  const { row } = await answerReply(stores, reply.message.message_id)
  return { place, audiences: ['all', 'people', place.owner], rows: [first, posted.row, row] }
}
