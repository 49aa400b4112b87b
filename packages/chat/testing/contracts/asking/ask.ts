import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import {
  anEvent,
  answer,
  aPlace,
  claimed,
  getSeq,
  idsOf,
  type MakeHarness,
  newSession,
  question,
  suite,
} from '../harness.ts'

/** Proves `ask` and `findAskResult` of a MessageStore. */
export const askingContract = (t: Test, make: MakeHarness) =>
  suite(t, 'asking', make, (t, { stores }) => {
    const { messages } = stores

    t.test('[ASK1] a question and the place of its reply are stored together', async (t) => {
      const place = await aPlace(stores)
      const ask = question(place)
      const asked = await messages.ask(ask)
      t.match(asked, {
        session_id: ask.new_session_id,
        round: 1,
        summary_updated: false,
        job: { message_id: ask.reply_id, attempt: 0 },
        change: { event_id: place.event_id, first_seq: 1, seq: 2 },
      })
      const shared = { event_id: place.event_id, user_id: place.owner, message_category: 'engineer_chat' }
      t.match(asked.question, {
        audience: place.owner,
        message: {
          ...shared,
          message_id: ask.question_id,
          position: 1,
          seq: 1,
          message_from: place.owner,
          sender_type: 'user',
          message_type: 'chat',
          visibility: 'private',
          reply_to: null,
          message_content: { content: ask.text },
        },
      })
      t.match(asked.reply, {
        audience: place.owner,
        attempt: 0,
        message: {
          ...shared,
          message_id: ask.reply_id,
          position: 2,
          seq: 2,
          message_from: 'ai_assistant',
          sender_type: 'ai',
          message_type: 'thinking',
          visibility: 'private',
          reply_to: ask.question_id,
          chat_session_id: ask.new_session_id,
          message_content: { content: '' },
        },
      })
      t.same(idsOf(asked.change?.rows ?? []), [ask.question_id, ask.reply_id])
      const page = await stores.timeline.readPage(place.event_id, [place.owner], { limit: 10 })
      t.same(page.rows, [asked.question, asked.reply], 'the timeline has the rows that the asker was given')
      t.match(await stores.sessions.find(place.owner, asked.session_id), {
        rounds: 1,
        active: true,
        visibility: 'private',
      })
    })

    t.test('[ASK1] a question of a shared session is for people', async (t) => {
      const place = await aPlace(stores)
      const asked = await messages.ask(question(place, { visibility: 'room' }))
      t.match([asked.question, asked.reply], [{ audience: 'people' }, { audience: 'people' }])
      t.equal(asked.reply.message.visibility, 'room')
    })

    t.test('[ASK1] an event that does not exist stores nothing', async (t) => {
      const place = await aPlace(stores)
      const ask = question(place, { event_id: createId() })
      await t.rejects(messages.ask(ask), { code: 'event_not_found' })
      t.equal(await stores.sessions.find(place.owner, ask.new_session_id), undefined)
    })

    t.test('[ASK2] the same key stores nothing new and gives the rows as they are now', async (t) => {
      const place = await aPlace(stores)
      const key = { client_message_id: createId(), max_rounds: 1 }
      const first = await messages.ask(question(place, key))
      const { row } = await answer(stores, first.reply.message.message_id)
      const again = await messages.ask(question(place, key))
      t.match(again, { session_id: first.session_id, round: 1, change: null })
      t.same(again.question, first.question)
      t.same(again.reply, row, 'with its answer, and though the round limit is reached')
      t.same(await messages.findAskResult(place.owner, key.client_message_id, question(place).request_hash), again)
      t.equal(await getSeq(stores, place), 3)
      t.equal(await messages.findAskResult(place.other, key.client_message_id, question(place).request_hash), undefined)
    })

    t.test('[ASK2] twenty equal requests at once are one question', async (t) => {
      const place = await aPlace(stores)
      const client_message_id = createId()
      const asks = Array.from({ length: 20 }, () => messages.ask(question(place, { client_message_id })))
      const asked = await Promise.all(asks)
      t.equal(new Set(asked.map((one) => one.question.message.message_id)).size, 1)
      t.equal(asked.filter((one) => one.change !== null).length, 1)
      t.equal(await getSeq(stores, place), 2)
    })

    t.test('[ASK3] the same key with another request is refused', async (t) => {
      const place = await aPlace(stores)
      const client_message_id = createId()
      await messages.ask(question(place, { client_message_id }))
      const another = question(place, { client_message_id, text: 'Something else?' })
      await t.rejects(messages.ask(another), { code: 'idempotency_mismatch' })
      await t.rejects(messages.findAskResult(place.owner, client_message_id, another.request_hash), {
        code: 'idempotency_mismatch',
      })
      t.ok(await messages.ask({ ...another, user_id: place.other }), 'a key is one user’s')
    })

    t.test('[ASK4] the eleventh question of ten is refused and stores nothing', async (t) => {
      const place = await aPlace(stores)
      for (let round = 1; round <= 10; round += 1) t.equal((await messages.ask(question(place))).round, round)
      const session = await stores.sessions.findActive(place.owner, place.event_id)
      const extras = { session_id: session?.session_id, action: 'create_new_session' }
      await t.rejects(messages.ask(question(place)), { code: 'session_round_limit', extras })
      t.equal(await getSeq(stores, place), 20)
    })

    t.test('[ASK4] twenty-five raced questions into a session of ten', async (t) => {
      const place = await aPlace(stores)
      const { session_id } = await newSession(stores, place)
      const asks = Array.from({ length: 25 }, () => messages.ask(question(place, { session_id })))
      const settled = await Promise.allSettled(asks)
      const rounds = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value.round : []))
      t.same(
        rounds.sort((a, b) => a - b),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      )
      const refused = settled.flatMap((one) => (one.status === 'rejected' ? one.reason.code : []))
      t.same([...new Set(refused)], ['session_round_limit'])
      t.equal(await getSeq(stores, place), 20)
    })

    t.test('[ASK5] first questions that race share one session', async (t) => {
      const place = await aPlace(stores)
      const asked = await Promise.all(Array.from({ length: 8 }, () => messages.ask(question(place))))
      t.equal(new Set(asked.map((one) => one.session_id)).size, 1)
      const { items } = await stores.sessions.list(place.owner, place.event_id, { limit: 10 })
      t.match(items, [{ session_id: asked[0]?.session_id, active: true, rounds: 8 }])
      t.equal(items.length, 1)
    })

    t.test('[ASK5] the active session goes on, or the one that is named', async (t) => {
      const place = await aPlace(stores)
      const first = await messages.ask(question(place))
      const second = await newSession(stores, place)
      t.equal((await messages.ask(question(place))).session_id, second.session_id)
      const named = await messages.ask(question(place, { session_id: first.session_id }))
      t.match(named, { session_id: first.session_id, round: 2 })
      const others = await messages.ask(question(place, { user_id: place.other }))
      t.equal(others.round, 1, 'another user has a session of their own')
    })

    t.test('[ASK6] a visibility that differs from the session’s is refused', async (t) => {
      const place = await aPlace(stores)
      await messages.ask(question(place, { visibility: 'private' }))
      const shared = question(place, { visibility: 'room' })
      await t.rejects(messages.ask(shared), { code: 'session_visibility_mismatch' })
      t.equal((await messages.ask(question(place, { visibility: 'private' }))).round, 2)
    })

    t.test('[ASK7] another’s session, one of another event, and none at all look the same', async (t) => {
      const place = await aPlace(stores)
      const { session_id } = await messages.ask(question(place))
      const elsewhere = await anEvent(stores)
      const asks = [
        question(place, { user_id: place.other, session_id }),
        question(place, { event_id: elsewhere.event_id, session_id }),
        question(place, { session_id: 'chat_00000000_00000000' }),
      ]
      for (const ask of asks) await t.rejects(messages.ask(ask), { code: 'session_not_found' })
      t.equal(await getSeq(stores, place), 2)
    })

    t.test('[ASK8] only the earliest unfinished reply of a session gets a job', async (t) => {
      const place = await aPlace(stores)
      const first = await messages.ask(question(place))
      const second = await messages.ask(question(place))
      t.equal(second.job, null)
      t.equal(await stores.replies.claim(second.reply.message.message_id, 1_000), undefined)
      const others = await messages.ask(question(place, { user_id: place.other }))
      t.same(others.job, { message_id: others.reply.message.message_id, attempt: 0 }, 'sessions run side by side')
      const attempt = await claimed(stores, first.reply.message.message_id)
      const ref = { message_id: first.reply.message.message_id, attempt }
      const finished = await stores.replies.finish(ref, { type: 'chat', content: { content: 'Yes.' } })
      t.same(finished?.job, { message_id: second.reply.message.message_id, attempt: 0 })
    })

    t.test('[ASK9] a summary that changed since the session’s previous question is told', async (t) => {
      const place = await aPlace(stores)
      const summarize = () => stores.events.addSummary(place.event_id, { round_id: 1, event_summary: 'Contained.' })
      await summarize()
      const first = await messages.ask(question(place))
      const { summary } = await summarize()
      const key = { client_message_id: createId() }
      const second = await messages.ask(question(place, key))
      const third = await messages.ask(question(place))
      t.same(
        [first, second, third].map((asked) => asked.summary_updated),
        [false, true, false],
      )
      t.equal(second.question.message.event_summary_version, summary.version)
      t.equal((await messages.ask(question(place, key))).summary_updated, true, 'also when it is asked again')
    })
  })
