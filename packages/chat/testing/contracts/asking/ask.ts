import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  claimReply,
  getSeq,
  type Harness,
  listIds,
  type MakeHarness,
  readRows,
  runSuite,
} from '../harness.ts'
import { proveRoundLimit, proveSessionChoice } from './ask-in-session.ts'
import { proveQuotes } from './ask-with-quote.ts'
import { proveTlpLabels } from './tlp-labels.ts'

/** Proves a QuestionStore. */
export const askingContract = (t: Test, make: MakeHarness) =>
  runSuite(
    t,
    'asking',
    make,
    proveStoredPair,
    proveStoredRows,
    proveAskedSessions,
    proveIdempotency,
    proveJobs,
    proveSummaryNotice,
    proveRoundLimit,
    proveSessionChoice,
    proveQuotes,
    proveTlpLabels,
  )

function proveStoredPair(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK1] a question and its empty reply are stored together', async (t) => {
    const place = await aPlace(stores)
    const ask = aQuestion(place)

    const result = await messages.ask(ask)

    t.match(result, {
      session_id: ask.new_session_id,
      round: 1,
      summary_updated: false,
      job: { message_id: ask.reply_id, attempt: 0 },
      change: { event_id: place.event_id, first_seq: 1, seq: 2 },
    })
    t.same(listIds(result.change?.rows ?? []), [ask.question_id, ask.reply_id])
    const rows = await readRows(stores, place, [place.owner])
    t.same(rows, [result.question, result.reply], 'the timeline has the rows that the asker received')
  })
}

function proveStoredRows(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK1] a question is its asker’s message', async (t) => {
    const place = await aPlace(stores)
    const ask = aQuestion(place)

    const result = await messages.ask(ask)

    t.match(result.question, {
      audience: place.owner,
      message: {
        event_id: place.event_id,
        user_id: place.owner,
        message_category: 'engineer_chat',
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
  })

  t.test('[ASK1] the reply to a question is the assistant’s, unfinished and empty, for the same reader', async (t) => {
    const place = await aPlace(stores)
    const ask = aQuestion(place)

    const result = await messages.ask(ask)

    t.match(result.reply, {
      audience: place.owner,
      attempt: 0,
      message: {
        event_id: place.event_id,
        user_id: place.owner,
        message_category: 'engineer_chat',
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
  })
}

function proveAskedSessions(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK1] a first question begins a session, which counts it as its first round', async (t) => {
    const place = await aPlace(stores)
    const { session_id } = await messages.ask(aQuestion(place))
    t.match(await stores.sessions.find(place.owner, session_id), { rounds: 1, active: true, visibility: 'private' })
  })

  t.test('[ASK1] a question of a shared session and its reply have the audience `people`', async (t) => {
    const place = await aPlace(stores)
    const shared = await messages.ask(aQuestion(place, { visibility: 'room' }))
    t.match([shared.question, shared.reply], [{ audience: 'people' }, { audience: 'people' }])
    t.equal(shared.reply.message.visibility, 'room')
  })

  t.test('[ASK1] a question in an event that does not exist is refused and stores nothing', async (t) => {
    const place = await aPlace(stores)
    const ask = aQuestion(place, { event_id: createId() })
    await t.rejects(messages.ask(ask), { code: 'event_not_found' })
    t.equal(await stores.sessions.find(place.owner, ask.new_session_id), undefined)
  })
}

function proveIdempotency(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK2] a request with the same key stores nothing and returns the rows as they are now', async (t) => {
    const place = await aPlace(stores)
    const key = { client_message_id: createId(), max_rounds: 1 }
    const first = await messages.ask(aQuestion(place, key))
    const { row } = await answerReply(stores, first.reply.message.message_id)

    const repeated = await messages.ask(aQuestion(place, key))

    t.match(repeated, { session_id: first.session_id, round: 1, change: null })
    t.same(repeated.question, first.question)
    t.same(repeated.reply, row, 'the reply has its answer, although the round limit is reached')
    t.equal(await getSeq(stores, place), 3)
  })

  t.test('[ASK2] a key finds only a question of the same user', async (t) => {
    const place = await aPlace(stores)
    const key = { client_message_id: createId() }
    const { request_hash } = aQuestion(place)
    const find = (user_id: string) => messages.findAskResult(user_id, key.client_message_id, request_hash)
    await messages.ask(aQuestion(place, key))

    t.same(await find(place.owner), await messages.ask(aQuestion(place, key)))
    t.equal(await find(place.other), undefined)
  })

  t.test('[ASK2] twenty equal simultaneous requests store one question', async (t) => {
    const place = await aPlace(stores)
    const client_message_id = createId()
    const asks = Array.from({ length: 20 }, () => messages.ask(aQuestion(place, { client_message_id })))
    const results = await Promise.all(asks)
    t.equal(new Set(results.map((result) => result.question.message.message_id)).size, 1)
    t.equal(results.filter((result) => result.change !== null).length, 1)
    t.equal(await getSeq(stores, place), 2)
  })

  t.test('[ASK3] the same key with another request is refused', async (t) => {
    const place = await aPlace(stores)
    const client_message_id = createId()
    await messages.ask(aQuestion(place, { client_message_id }))
    const another = aQuestion(place, { client_message_id, text: 'Something else?' })
    await t.rejects(messages.ask(another), { code: 'idempotency_mismatch' })
    await t.rejects(messages.findAskResult(place.owner, client_message_id, another.request_hash), {
      code: 'idempotency_mismatch',
    })
    t.ok(await messages.ask({ ...another, user_id: place.other }), 'another user may use the same key')
  })
}

function proveJobs(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK8] only the earliest unfinished reply of a session gets a job', async (t) => {
    const place = await aPlace(stores)
    const first = await messages.ask(aQuestion(place))
    const second = await messages.ask(aQuestion(place))
    t.equal(second.job, null)
    t.equal(await stores.replies.claim(second.reply.message.message_id, 1_000), undefined)
    const ofOtherUser = await messages.ask(aQuestion(place, { user_id: place.other }))
    const jobOfOtherUser = { message_id: ofOtherUser.reply.message.message_id, attempt: 0 }
    t.same(ofOtherUser.job, jobOfOtherUser, 'another session does not wait')
    const attempt = await claimReply(stores, first.reply.message.message_id)
    const ref = { message_id: first.reply.message.message_id, attempt }
    const finished = await stores.replies.finish(ref, { type: 'chat', content: { content: 'Yes.' } })
    t.same(finished?.job, { message_id: second.reply.message.message_id, attempt: 0 })
  })
}

function proveSummaryNotice(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[ASK9] a summary that changed since the session’s previous question is reported', async (t) => {
    const place = await aPlace(stores)
    const summarize = () => stores.events.addSummary(place.event_id, { round_id: 1, event_summary: 'Contained.' })
    await summarize()
    const first = await messages.ask(aQuestion(place))
    const { summary } = await summarize()
    const key = { client_message_id: createId() }
    const second = await messages.ask(aQuestion(place, key))
    const third = await messages.ask(aQuestion(place))
    t.same(
      [first, second, third].map((result) => result.summary_updated),
      [false, true, false],
    )
    t.equal(second.question.message.event_summary_version, summary.version)
    t.equal((await messages.ask(aQuestion(place, key))).summary_updated, true, 'a repeated request reports it, too')
  })
}
