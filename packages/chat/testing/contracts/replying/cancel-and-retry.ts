import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { RoomChange } from '../../../src/shared/model.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answer,
  aPlace,
  claimed,
  getSeq,
  idsOf,
  LEASE_MS,
  type MakeHarness,
  type Place,
  post,
  question,
  suite,
} from '../harness.ts'

/** Proves what a MessageStore does with messages that exist already. */
export const changingContract = (t: Test, make: MakeHarness) =>
  suite(t, 'changing', make, (t, { stores, lapse }) => {
    const { messages, replies } = stores

    t.test('[STORE1] whatever races in a room, its numbers have neither gaps nor doubles', async (t) => {
      const place = await aPlace(stores)
      const { owner, other } = place
      const writes = Array.from({ length: 10 }, (_, index) => [
        messages.ask(question(place, { user_id: index % 2 ? owner : other })),
        post(stores, place),
        stores.events.update(place.event_id, { severity: 'low' }),
      ])
      const results = await Promise.all(writes.flat())
      const changes = results.flatMap(({ change }) => change ?? []).sort((a, b) => a.seq - b.seq)
      t.same(
        changes.flatMap(numbersOf),
        [...Array(40).keys()].map((index) => index + 1),
      )
      for (const { rows = [], first_seq, seq } of changes) {
        t.ok(rows.every((row) => row.message.seq >= first_seq && row.message.seq <= seq))
      }
      t.equal(await getSeq(stores, place), 40)
    })

    t.test('[STORE2] a row keeps its position and takes a new number when it changes', async (t) => {
      const place = await aPlace(stores)
      const { reply } = await messages.ask(question(place))
      const { row, change } = await answer(stores, reply.message.message_id)
      t.match(row.message, { position: 2, seq: 3, created_at: reply.message.created_at })
      t.match(change, { event_id: place.event_id, first_seq: 3, seq: 3, rows: [row] })
    })

    t.test('[STORE3] a post needs no session and goes to its audience', async (t) => {
      const place = await aPlace(stores)
      const { row, change, job } = await post(stores, place)
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
      await t.rejects(post(stores, { ...place, event_id: createId() }), { code: 'event_not_found' })
    })

    t.test('[STORE12] a post with a key is stored once, and another one under that key is refused', async (t) => {
      const place = await aPlace(stores)
      const key = { client_message_id: createId(), request_hash: 'a' }
      const plain = {
        category: 'room' as const,
        message_from: place.owner,
        message_type: 'chat',
        content: { content: 'Host 7 is isolated.' },
        round_id: null,
        audience: 'all',
      }
      const again = { message_id: createId(), event_id: place.event_id, user_id: place.owner, ...plain, key }
      const { row } = await messages.post({ ...again, message_id: createId() })
      t.same(await messages.post(again), { row, change: null, job: null })
      await t.rejects(messages.post({ ...again, key: { ...key, request_hash: 'b' } }), { code: 'idempotency_mismatch' })
      const asked = question(place, { client_message_id: key.client_message_id })
      await t.rejects(messages.ask(asked), { code: 'idempotency_mismatch' }, 'questions and posts share their keys')
    })

    t.test('[LIFE7] cancelling an unclaimed reply ends it at once', async (t) => {
      const place = await aPlace(stores)
      const { reply } = await messages.ask(question(place))
      const next = await messages.ask(question(place))
      const cancelled = await messages.cancel(place.owner, reply.message.message_id)
      t.match(cancelled, { claimed: false, change: { first_seq: 5, seq: 5 } })
      t.match(cancelled.row.message, {
        message_type: 'chat',
        message_from: 'ai_assistant',
        message_content: { content: '', finish_reason: 'cancelled', attempts: 0 },
      })
      t.same(cancelled.job, { message_id: next.reply.message.message_id, attempt: 0 })
      t.equal(await replies.claim(reply.message.message_id, LEASE_MS), undefined)
    })

    t.test('[LIFE7] cancelling a claimed reply marks it for its worker, or for the next one', async (t) => {
      const place = await aPlace(stores)
      const { message_id } = (await messages.ask(question(place))).reply.message
      const attempt = await claimed(stores, message_id)
      const cancelled = await messages.cancel(place.owner, message_id)
      t.match(cancelled, { claimed: true, change: null, job: null, row: { message: { message_type: 'thinking' } } })
      t.same(await replies.renew({ message_id, attempt }, LEASE_MS), { held: true, cancel_requested: true })
      await lapse(message_id)
      t.match(await replies.claim(message_id, LEASE_MS), { cancel_requested: true, tries: 2 })
    })

    t.test('[LIFE7] a finished reply is answered with its row', async (t) => {
      const place = await aPlace(stores)
      const { message_id } = (await messages.ask(question(place))).reply.message
      const { row } = await answer(stores, message_id)
      t.match(await messages.cancel(place.owner, message_id), { row, change: null, job: null, claimed: false })
    })

    t.test('[LIFE8] a retry begins the same reply anew', async (t) => {
      const place = await aPlace(stores)
      const { reply, session_id } = await messages.ask(question(place, { model: 'big' }))
      const { message_id, position } = reply.message
      const failure = { content: 'Sorry.', error: { code: 'llm_timeout', retryable: true } } as const
      const before = await answer(stores, message_id, failure)
      const retried = await messages.retry(place.owner, message_id)
      t.match(retried.row.message, {
        position,
        seq: before.row.message.seq + 1,
        message_type: 'thinking',
        message_from: 'ai_assistant',
        sender_type: 'ai',
        message_content: { content: '' },
      })
      t.notMatch(retried.row.message.message_content, { error: {} })
      t.ok(retried.row.attempt > before.row.attempt)
      t.same(retried.job, { message_id, attempt: retried.row.attempt })
      t.match(retried.change, { first_seq: retried.row.message.seq, rows: [retried.row] })
      t.match(await stores.sessions.find(place.owner, session_id), { rounds: 1 })
      t.match(
        await messages.retry(place.owner, message_id),
        { row: retried.row, change: null },
        'in progress: as it is',
      )
      t.match(await replies.claim(message_id, LEASE_MS), { tries: 1, model: 'big', cancel_requested: false })
    })

    t.test('[LIFE8] a retried reply goes before later ones of its session', async (t) => {
      const place = await aPlace(stores)
      const first = (await messages.ask(question(place))).reply.message.message_id
      await answer(stores, first)
      const second = (await messages.ask(question(place))).reply.message.message_id
      const { job } = await messages.retry(place.owner, first)
      t.equal(job?.message_id, first)
      t.equal(await replies.claim(second, LEASE_MS), undefined)
      t.equal((await answer(stores, first)).job?.message_id, second)
    })

    t.test('[LIFE9] to anybody but its owner a reply is not there', async (t) => {
      const place = await aPlace(stores)
      const { question: asked, reply } = await messages.ask(question(place))
      const cases = [
        { user_id: place.other, message_id: reply.message.message_id },
        { user_id: place.owner, message_id: asked.message.message_id },
        { user_id: place.owner, message_id: createId() },
      ]
      for (const { user_id, message_id } of cases) {
        await t.rejects(messages.cancel(user_id, message_id), { code: 'message_not_found' })
        await t.rejects(messages.retry(user_id, message_id), { code: 'message_not_found' })
        await t.rejects(messages.storeFeedback(user_id, message_id, 'up', null), { code: 'message_not_found' })
        t.equal(await messages.findOwnReply(user_id, message_id), undefined)
      }
      t.same(await messages.findOwnReply(place.owner, reply.message.message_id), reply)
    })

    t.test('[LIFE10] sharing gives each row a new number, in order, and shows it to people', async (t) => {
      const place = await aPlace(stores)
      const { session_id, reply } = await messages.ask(question(place))
      await answer(stores, reply.message.message_id)
      await messages.ask(question(place))
      const before = await rowsFor(stores, place, [place.owner])
      const { change } = await messages.share(place.owner, session_id)
      t.match(change, { event_id: place.event_id, first_seq: 6, seq: 9 })
      t.same(
        change?.rows?.map((row) => row.message.seq),
        [6, 7, 8, 9],
      )
      t.same(idsOf(change?.rows ?? []), idsOf(before), 'in the order of their positions')
      t.ok(change?.rows?.every((row) => row.audience === 'people' && row.message.visibility === 'room'))
      t.same(idsOf(await rowsFor(stores, place, ['all', 'people', place.other])), idsOf(before))
      t.same(await rowsFor(stores, place, ['all']), [], 'an agent sees none of it')
      t.match(await stores.sessions.find(place.owner, session_id), { visibility: 'room' })
      t.same(await messages.share(place.owner, session_id), { change: null }, 'once')
    })

    t.test('[LIFE10] a reply shared in mid-answer ends where people see it', async (t) => {
      const place = await aPlace(stores)
      const { session_id, reply } = await messages.ask(question(place))
      const { message_id } = reply.message
      const ref = { message_id, attempt: await claimed(stores, message_id) }
      await messages.share(place.owner, session_id)
      const finished = await replies.finish(ref, { type: 'chat', content: { content: 'Yes.' } })
      t.match(finished?.row, { audience: 'people', message: { visibility: 'room', seq: 5 } })
      t.equal((await messages.ask(question(place))).reply.audience, 'people')
    })

    t.test('[LIFE10] nobody shares another’s session', async (t) => {
      const place = await aPlace(stores)
      const { session_id } = await messages.ask(question(place))
      await t.rejects(messages.share(place.other, session_id), { code: 'session_not_found' })
      await t.rejects(messages.share(place.owner, 'chat_00000000_00000000'), { code: 'session_not_found' })
      t.same(await rowsFor(stores, place, ['all', 'people', place.other]), [])
    })

    t.test('[LIFE11] a verdict is for what is finished, and can be changed', async (t) => {
      const place = await aPlace(stores)
      const { message_id } = (await messages.ask(question(place))).reply.message
      await t.rejects(messages.storeFeedback(place.owner, message_id, 'up', null), { code: 'message_not_found' })
      await answer(stores, message_id)
      const given = await messages.storeFeedback(place.owner, message_id, 'up', null)
      t.match(given.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      t.ok(await messages.storeFeedback(place.owner, message_id, 'down', 'It named the wrong host.'))
    })
  })

const numbersOf = ({ first_seq, seq }: RoomChange): number[] =>
  Array.from({ length: seq - first_seq + 1 }, (_, index) => first_seq + index)

async function rowsFor(stores: Stores, place: Place, audiences: string[]) {
  return (await stores.timeline.readPage(place.event_id, audiences, { limit: 100 })).rows
}
