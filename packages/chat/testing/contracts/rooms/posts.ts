import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  countUpTo,
  getSeq,
  type Harness,
  listSeqs,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'

/** Proves the sequence numbers of a room, and `post` of a MessageStore. */
export const postsContract = (t: Test, make: MakeHarness) => runSuite(t, 'posts', make, proveNumbers, provePosts)

function proveNumbers(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[STORE1] simultaneous writes leave no gap and no duplicate in a room’s sequence numbers', async (t) => {
    const place = await aPlace(stores)
    const { owner, other } = place
    const writes = Array.from({ length: 10 }, (_, index) => [
      messages.ask(aQuestion(place, { user_id: index % 2 ? owner : other })),
      postMessage(stores, place),
      stores.events.update(place.event_id, { event_name: `Name ${index}` }, { user_id: owner, role: 'engineer' }),
    ])
    const results = await Promise.all(writes.flat())
    const changes = results.flatMap(({ change }) => change ?? []).sort((a, b) => a.seq - b.seq)
    t.same(changes.flatMap(listSeqs), countUpTo(50))
    for (const { rows = [], first_seq, seq } of changes) {
      t.ok(rows.every((row) => row.message.seq >= first_seq && row.message.seq <= seq))
    }
    t.equal(await getSeq(stores, place), 50)
  })

  t.test('[MENTION1] a post is stored with the people that it mentions, or without that field', async (t) => {
    const place = await aPlace(stores)
    const { key: _, ...post } = aKeyedPost(place)
    const content = { content: '@other' }
    await messages.post({ ...post, content, message_id: createId(), mentions: [place.other] })
    await messages.post({ ...post, content, message_id: createId(), mentions: [] })
    const { rows } = await stores.timeline.readPage(place.event_id, ['all'], { limit: 2 })
    t.same(rows[0]?.message.mentions, [place.other])
    t.notOk(rows[1] && 'mentions' in rows[1].message)
  })

  t.test('[STORE2] a row keeps its position and takes a new sequence number when it changes', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await messages.ask(aQuestion(place))
    const { row, change } = await answerReply(stores, reply.message.message_id)
    t.match(row.message, { position: 2, seq: 3, created_at: reply.message.created_at })
    t.match(change, { event_id: place.event_id, first_seq: 3, seq: 3, rows: [row] })
  })
}

function provePosts(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[STORE3] a post needs no session and goes to its audience', async (t) => {
    const place = await aPlace(stores)
    const { row, change, job } = await postMessage(stores, place)
    t.match(row, { audience: 'all', attempt: 0 })
    t.match(row.message, {
      position: 1,
      seq: 1,
      message_from: '_captain',
      message_type: 'command_result',
      message_category: 'agent',
      sender_type: null,
      chat_session_id: null,
      visibility: 'room',
      round_id: 1,
    })
    t.match(change, { first_seq: 1, seq: 1, rows: [row] })
    t.equal(job, null)
  })

  t.test('[STORE3] a post into an event that does not exist is refused', async (t) => {
    const place = await aPlace(stores)
    await t.rejects(postMessage(stores, { ...place, event_id: createId() }), { code: 'event_not_found' })
  })

  t.test('[STORE12] a post with a key is stored once', async (t) => {
    const place = await aPlace(stores)
    const keyedPost = aKeyedPost(place)
    const { row } = await messages.post(keyedPost)
    t.same(await messages.post({ ...keyedPost, message_id: createId() }), { row, change: null, job: null })
  })

  t.test('[QUOTE5] an earlier post is found by its user’s key, and the key with another hash is refused', async (t) => {
    const place = await aPlace(stores)
    const keyedPost = aKeyedPost(place)
    const { row } = await messages.post(keyedPost)
    t.same(await messages.findPost(place.owner, keyedPost.key), row)
    t.equal(await messages.findPost(place.other, keyedPost.key), undefined)
    await t.rejects(messages.findPost(place.owner, { ...keyedPost.key, request_hash: 'b' }), {
      code: 'idempotency_mismatch',
    })
  })

  t.test('[QUOTE4] a post for people alone is in no page of agents', async (t) => {
    const place = await aPlace(stores)
    const { row } = await messages.post({ ...aKeyedPost(place), audience: 'people' })
    t.match(row, { audience: 'people', message: { visibility: 'room', message_category: 'room' } })
    const read = async (audiences: string[]) =>
      (await stores.timeline.readPage(place.event_id, audiences, { limit: 9 })).rows
    t.same([await read(['all']), await read(['all', 'people'])], [[], [row]])
  })

  t.test('[STORE12] another post or a question under the key of a post is refused', async (t) => {
    const place = await aPlace(stores)
    const keyedPost = aKeyedPost(place)
    const { key } = keyedPost
    await messages.post(keyedPost)

    const other = { ...keyedPost, message_id: createId(), key: { ...key, request_hash: 'b' } }
    const asked = aQuestion(place, { client_message_id: key.client_message_id })

    await t.rejects(messages.post(other), { code: 'idempotency_mismatch' })
    await t.rejects(messages.ask(asked), { code: 'idempotency_mismatch' }, 'questions and posts share their keys')
  })
}

/** Creates a person's post that has an idempotency key. */
function aKeyedPost(place: Place) {
  return {
    message_id: createId(),
    event_id: place.event_id,
    user_id: place.owner,
    category: 'room' as const,
    message_from: place.owner,
    message_type: 'chat',
    content: { content: 'Host 7 is isolated.' },
    round_id: null,
    audience: 'all',
    key: { client_message_id: createId(), request_hash: 'a' },
  }
}
