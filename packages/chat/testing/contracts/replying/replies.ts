import type { Test } from 'tap'
import type { ReplyOutcome } from '../../../src/replying/reply-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answer,
  aPlace,
  claimed,
  getSeq,
  type Harness,
  LEASE_MS,
  type MakeHarness,
  newSession,
  type Place,
  question,
  suite,
} from '../harness.ts'

const GOOD: ReplyOutcome = { type: 'chat', content: { content: 'Isolate host 7.', finish_reason: 'stop' } }
const DECADE = 315_360_000_000

export const replyStoreContract = (t: Test, make: MakeHarness) =>
  suite(t, 'replies', make, proveClaims, proveFence, proveFinish, proveDue, proveAttempts)

function proveClaims(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE1] a claim raises the attempt and keeps others away', async (t) => {
    const { message_id } = await aReply(stores)
    const claim = await replies.claim(message_id, LEASE_MS)
    t.match(claim, { tries: 1, cancel_requested: false, model: null, row: { attempt: 1, message: { message_id } } })
    t.equal(await replies.claim(message_id, LEASE_MS), undefined, 'leased')
    await replies.finish({ message_id, attempt: 1 }, GOOD)
    t.equal(await replies.claim(message_id, LEASE_MS), undefined, 'finished')
    t.equal(await replies.claim(createId(), LEASE_MS), undefined, 'unknown')
  })

  t.test('[LIFE1] one of many raced claims wins', async (t) => {
    const { message_id } = await aReply(stores)
    const claims = await Promise.all(Array.from({ length: 8 }, () => replies.claim(message_id, LEASE_MS)))
    t.equal(claims.filter((claim) => claim !== undefined).length, 1)
  })

  t.test('[LIFE1] sessions of one user are claimed side by side', async (t) => {
    const { message_id, place } = await aReply(stores)
    await newSession(stores, place)
    const other = (await stores.messages.ask(question(place))).reply.message.message_id
    t.ok(await replies.claim(message_id, LEASE_MS))
    t.ok(await replies.claim(other, LEASE_MS))
  })
}

function proveFence(t: Test, { stores, lapse }: Harness): void {
  const { replies } = stores

  t.test('[LIFE2] a worker whose lease lapsed and was taken can write nothing more', async (t) => {
    const { message_id, place } = await aReply(stores)
    const old = { message_id, attempt: await claimed(stores, message_id) }
    await lapse(message_id)
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 2, row: { attempt: 2 } })
    t.match(await replies.renew(old, LEASE_MS), { held: false })
    t.equal(await replies.startNextAttempt(old, LEASE_MS), undefined)
    t.equal(await replies.release(old), undefined)
    t.equal(await replies.finish(old, GOOD), undefined)
    t.equal(await getSeq(stores, place), 2, 'no number was spent')
    t.match(await replies.finish({ message_id, attempt: 2 }, GOOD), { row: { message: { message_type: 'chat' } } })
  })

  t.test('[LIFE2] a retry keeps the old attempt’s worker out', async (t) => {
    const { message_id, place } = await aReply(stores)
    const old = { message_id, attempt: await claimed(stores, message_id) }
    await replies.finish(old, GOOD)
    await stores.messages.retry(place.owner, message_id)
    t.equal(await replies.finish(old, GOOD), undefined)
    t.match(await replies.renew(old, LEASE_MS), { held: false })
  })

  t.test('[LIFE2] whoever released a reply can write nothing more', async (t) => {
    const { message_id } = await aReply(stores)
    const ref = { message_id, attempt: await claimed(stores, message_id) }
    await replies.release(ref)
    t.equal(await replies.finish(ref, GOOD), undefined)
    t.match(await replies.renew(ref, LEASE_MS), { held: false })
    t.equal(await replies.startNextAttempt(ref, LEASE_MS), undefined)
  })
}

function proveFinish(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE3] a reply finishes once, also when raced', async (t) => {
    const { message_id, place } = await aReply(stores)
    const ref = { message_id, attempt: await claimed(stores, message_id) }
    const finished = await Promise.all(Array.from({ length: 5 }, () => replies.finish(ref, GOOD)))
    const [won] = finished.filter((one) => one !== undefined)
    t.equal(finished.filter((one) => one !== undefined).length, 1)
    t.match(won?.row.message, { ...{ message_id, seq: 3, sender_type: 'ai' }, message_content: GOOD.content })
    t.match(await replies.renew(ref, LEASE_MS), { held: false })
    t.equal(await getSeq(stores, place), 3)
  })

  t.test('[LIFE3] cancelled and finished at once, it ends once', async (t) => {
    const { message_id, place } = await aReply(stores)
    const ref = { message_id, attempt: await claimed(stores, message_id) }
    await Promise.all([stores.messages.cancel(place.owner, message_id), replies.finish(ref, GOOD)])
    t.match(await stores.messages.findOwnReply(place.owner, message_id), {
      message: { message_content: GOOD.content },
    })
    t.equal(await getSeq(stores, place), 3)
  })

  t.test('[LIFE3] a failure is the system’s, never the assistant’s', async (t) => {
    const { message_id } = await aReply(stores)
    const error = { code: 'llm_timeout', retryable: true } as const
    const content = { content: 'Try again.', error, partial: 'Isolate **host 7**,\nthen \u{1F525}' }
    const { row, job } = await answer(stores, message_id, content)
    t.match(row.message, {
      message_type: 'error',
      message_from: 'system',
      sender_type: 'system',
      message_content: content,
    })
    t.equal(job, null)
  })

  t.test('[LIFE3] a call to a model is put on record', async () => {
    const { message_id } = await aReply(stores)
    const call = { message_id, attempt: 1, model: 'big', error_code: null, first_token_ms: 120, total_ms: 900 }
    const usage = { prompt_tokens: 10, completion_tokens: 5 }
    await replies.recordCall({ ...call, outcome: 'ok', usage })
    await replies.recordCall({ ...call, outcome: 'failed', usage: null, first_token_ms: null })
  })
}

function proveDue(t: Test, { stores, lapse }: Harness): void {
  const { replies } = stores

  t.test('[LIFE4] what is due is found longest overdue first, and not again at once', async (t) => {
    const [third, first, second] = await Promise.all([aReply(stores), aReply(stores), aReply(stores)])
    await lapse(first.message_id, 3 * DECADE)
    await lapse(second.message_id, 2 * DECADE)
    await claimed(stores, third.message_id)
    t.notOk(
      (await replies.takeDue(100, 0)).some((ref) => ref.message_id === third.message_id),
      'a live worker holds it',
    )
    await lapse(third.message_id, DECADE)
    await lapse(first.message_id, 3 * DECADE)
    await lapse(second.message_id, 2 * DECADE)
    t.same(await replies.takeDue(2, LEASE_MS), [
      { message_id: first.message_id, attempt: 0 },
      { message_id: second.message_id, attempt: 0 },
    ])
    t.same(await replies.takeDue(1, LEASE_MS), [{ message_id: third.message_id, attempt: 1 }], 'its worker died')
    t.match(await replies.claim(third.message_id, LEASE_MS), { tries: 2 })
  })

  t.test('[LIFE4] a later reply of a session is not due before the earlier ones are finished', async (t) => {
    const { message_id, place } = await aReply(stores)
    const later = (await stores.messages.ask(question(place))).reply.message.message_id
    await claimed(stores, message_id)
    await lapse(later, 4 * DECADE)
    const due = await replies.takeDue(1_000, 0)
    t.notOk(due.some((ref) => ref.message_id === later))
  })
}

function proveAttempts(t: Test, { stores, lapse }: Harness): void {
  const { replies } = stores

  t.test('[LIFE5] another call within a claim has a new fence and costs no try', async (t) => {
    const { message_id } = await aReply(stores)
    const first = { message_id, attempt: await claimed(stores, message_id) }
    const second = await replies.startNextAttempt(first, LEASE_MS)
    t.same(second, { message_id, attempt: 2 })
    t.equal(await replies.finish(first, GOOD), undefined)
    await lapse(message_id)
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 2, row: { attempt: 3 } })
  })

  t.test('[LIFE6] a released reply can be claimed at once, and its try does not count', async (t) => {
    const { message_id } = await aReply(stores)
    const released = await replies.release({ message_id, attempt: await claimed(stores, message_id) })
    t.equal(released?.message_id, message_id)
    t.ok((released?.attempt ?? 0) > 0, 'so that its job has a new id')
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 1 })
  })

  t.test('[LIFE6] a reply that was released can be cancelled without a worker', async (t) => {
    const { message_id, place } = await aReply(stores)
    await replies.release({ message_id, attempt: await claimed(stores, message_id) })
    t.match(await stores.messages.cancel(place.owner, message_id), { claimed: false, change: {} })
  })
}

async function aReply(stores: Stores): Promise<{ message_id: string; place: Place }> {
  const place = await aPlace(stores)
  const asked = await stores.messages.ask(question(place))
  return { message_id: asked.reply.message.message_id, place }
}
