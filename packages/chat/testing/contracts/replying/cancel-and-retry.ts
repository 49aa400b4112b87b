import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { proveSharing } from '../asking/sharing.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  claimReply,
  type Harness,
  LEASE_MS,
  type MakeHarness,
  runSuite,
} from '../harness.ts'

/** Proves what a MessageStore does with messages that exist already. */
export const cancelAndRetryContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'cancel and retry', make, proveCancel, proveRetry, proveOwnership, proveFeedback, proveSharing)

function proveCancel(t: Test, { stores, expireLease }: Harness): void {
  const { messages, replies } = stores

  t.test('[LIFE7] cancelling an unclaimed reply ends it immediately', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await messages.ask(aQuestion(place))
    const next = await messages.ask(aQuestion(place))
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
    const { message_id } = (await messages.ask(aQuestion(place))).reply.message
    const attempt = await claimReply(stores, message_id)
    const cancelled = await messages.cancel(place.owner, message_id)
    t.match(cancelled, { claimed: true, change: null, job: null, row: { message: { message_type: 'thinking' } } })
    t.same(await replies.renew({ message_id, attempt }, LEASE_MS), { held: true, cancel_requested: true })
    await expireLease(message_id)
    t.match(await replies.claim(message_id, LEASE_MS), { cancel_requested: true, tries: 2 })
  })

  t.test('[LIFE7] cancelling a finished reply changes nothing and returns its row', async (t) => {
    const place = await aPlace(stores)
    const { message_id } = (await messages.ask(aQuestion(place))).reply.message
    const { row } = await answerReply(stores, message_id)
    t.match(await messages.cancel(place.owner, message_id), { row, change: null, job: null, claimed: false })
  })
}

function proveRetry(t: Test, { stores }: Harness): void {
  const { messages, replies } = stores

  t.test('[LIFE8] a retry begins the same reply again', async (t) => {
    const { place, message_id, failed } = await aFailedReply(stores)

    const retried = await messages.retry(place.owner, message_id)

    t.match(retried.row.message, {
      position: failed.row.message.position,
      seq: failed.row.message.seq + 1,
      message_type: 'thinking',
      message_from: 'ai_assistant',
      sender_type: 'ai',
      message_content: { content: '' },
    })
    t.notMatch(retried.row.message.message_content, { error: {} })
    t.match(retried.change, { first_seq: retried.row.message.seq, rows: [retried.row] })
  })

  t.test('[LIFE8] a retry has its own job and costs its session no round', async (t) => {
    const { place, message_id, session_id, failed } = await aFailedReply(stores)

    const retried = await messages.retry(place.owner, message_id)

    t.ok(retried.row.attempt > failed.row.attempt)
    t.same(retried.job, { message_id, attempt: retried.row.attempt })
    t.match(await stores.sessions.find(place.owner, session_id), { rounds: 1 })
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 1, model: 'big', cancel_requested: false })
  })

  t.test('[LIFE8] a retry of a reply in progress changes nothing', async (t) => {
    const { place, message_id } = await aFailedReply(stores)
    const retried = await messages.retry(place.owner, message_id)
    t.match(await messages.retry(place.owner, message_id), { row: retried.row, change: null })
  })

  t.test('[LIFE8] a retried reply goes before later ones of its session', async (t) => {
    const place = await aPlace(stores)
    const first = (await messages.ask(aQuestion(place))).reply.message.message_id
    await answerReply(stores, first)
    const second = (await messages.ask(aQuestion(place))).reply.message.message_id
    const { job } = await messages.retry(place.owner, first)
    t.equal(job?.message_id, first)
    t.equal(await replies.claim(second, LEASE_MS), undefined)
    t.equal((await answerReply(stores, first)).job?.message_id, second)
  })
}

function proveOwnership(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[LIFE9] for anybody but its owner a reply does not exist', async (t) => {
    const place = await aPlace(stores)
    const { question: asked, reply } = await messages.ask(aQuestion(place))
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
}

function proveFeedback(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[LIFE11] a verdict is accepted for a finished reply only, and can be changed', async (t) => {
    const place = await aPlace(stores)
    const { message_id } = (await messages.ask(aQuestion(place))).reply.message
    await t.rejects(messages.storeFeedback(place.owner, message_id, 'up', null), { code: 'message_not_found' })
    await answerReply(stores, message_id)
    const given = await messages.storeFeedback(place.owner, message_id, 'up', null)
    t.match(given.updated_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    t.ok(await messages.storeFeedback(place.owner, message_id, 'down', 'It named the wrong host.'))
  })
}

async function aFailedReply(stores: Stores) {
  const place = await aPlace(stores)
  const { reply, session_id } = await stores.messages.ask(aQuestion(place, { model: 'big' }))
  const { message_id } = reply.message
  const failure = { content: 'Sorry.', error: { code: 'llm_timeout', retryable: true } } as const
  return { place, message_id, session_id, failed: await answerReply(stores, message_id, failure) }
}
