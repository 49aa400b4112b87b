import type { Test } from 'tap'
import type { ReplyOutcome } from '../../../src/replying/reply-store.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  claimReply,
  createSession,
  getSeq,
  type Harness,
  LEASE_MS,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'

const ANSWERED: ReplyOutcome = { type: 'chat', content: { content: 'Isolate host 7.', finish_reason: 'stop' } }
/** A reply that is overdue by decades is taken before the replies of other tests. */
const DECADE_MS = 315_360_000_000

export const replyStoreContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'replies', make, proveClaims, proveFence, proveFinish, proveDue, proveAttempts)

function proveClaims(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE1] a claim raises the attempt', async (t) => {
    const { message_id } = await aReply(stores)

    const claim = await replies.claim(message_id, LEASE_MS)

    t.match(claim, { tries: 1, cancel_requested: false, model: null, row: { attempt: 1, message: { message_id } } })
  })

  t.test('[LIFE1] a reply that is leased, finished or unknown cannot be claimed', async (t) => {
    const [leased, finished] = [await aReply(stores), await aReply(stores)]
    await claimReply(stores, leased.message_id)
    await answerReply(stores, finished.message_id)

    const ids = [leased.message_id, finished.message_id, createId()]
    const claims = await Promise.all(ids.map((message_id) => replies.claim(message_id, LEASE_MS)))

    t.same(claims, [undefined, undefined, undefined])
  })

  t.test('[LIFE1] of many simultaneous claims, one succeeds', async (t) => {
    const { message_id } = await aReply(stores)

    const claims = await Promise.all(Array.from({ length: 8 }, () => replies.claim(message_id, LEASE_MS)))

    t.equal(claims.filter((claim) => claim !== undefined).length, 1)
  })

  t.test('[LIFE1] replies of two sessions of one user can be claimed at the same time', async (t) => {
    const { message_id, place } = await aReply(stores)
    await createSession(stores, place)
    const other = (await stores.messages.ask(aQuestion(place))).reply.message.message_id

    const claims = [await replies.claim(message_id, LEASE_MS), await replies.claim(other, LEASE_MS)]

    t.ok(claims.every((claim) => claim !== undefined))
  })
}

function proveFence(t: Test, { stores, expireLease }: Harness): void {
  const { replies } = stores

  t.test('[LIFE2] after another claim, the first worker can write nothing', async (t) => {
    const { message_id, place } = await aReply(stores)
    const first = { message_id, attempt: await claimReply(stores, message_id) }
    await expireLease(message_id)
    const second = { message_id, attempt: await claimReply(stores, message_id) }

    const writes = await tryAllWrites(stores, first)

    t.match(writes, { renewed: { held: false }, next: undefined, released: undefined, finished: undefined })
    t.equal(await getSeq(stores, place), 2, 'no sequence number is taken')
    t.match(await replies.finish(second, ANSWERED), { row: { message: { message_type: 'chat' } } })
  })

  t.test('[LIFE2] after a retry, the worker of the earlier attempt can write nothing', async (t) => {
    const { message_id, place } = await aReply(stores)
    const earlier = { message_id, attempt: await claimReply(stores, message_id) }
    await replies.finish(earlier, ANSWERED)
    await stores.messages.retry(place.owner, message_id)

    const writes = await tryAllWrites(stores, earlier)

    t.match(writes, { renewed: { held: false }, next: undefined, released: undefined, finished: undefined })
  })

  t.test('[LIFE2] a worker that released a reply can write nothing', async (t) => {
    const { message_id } = await aReply(stores)
    const ref = { message_id, attempt: await claimReply(stores, message_id) }
    await replies.release(ref)

    const writes = await tryAllWrites(stores, ref)

    t.match(writes, { renewed: { held: false }, next: undefined, released: undefined, finished: undefined })
  })
}

function proveFinish(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[LIFE3] of many writes that finish a reply at the same time, one succeeds', async (t) => {
    const { message_id, place } = await aReply(stores)
    const ref = { message_id, attempt: await claimReply(stores, message_id) }

    const results = await Promise.all(Array.from({ length: 5 }, () => replies.finish(ref, ANSWERED)))

    const [succeeded, ...others] = results.filter((result) => result !== undefined)
    t.same(others, [])
    t.match(succeeded?.row.message, { message_id, seq: 3, sender_type: 'ai', message_content: ANSWERED.content })
    t.match(await replies.renew(ref, LEASE_MS), { held: false })
    t.equal(await getSeq(stores, place), 3)
  })

  t.test('[LIFE3] a reply that is cancelled and finished at the same time ends once', async (t) => {
    const { message_id, place } = await aReply(stores)
    const ref = { message_id, attempt: await claimReply(stores, message_id) }

    await Promise.all([stores.messages.cancel(place.owner, message_id), replies.finish(ref, ANSWERED)])

    t.match(await stores.messages.findOwnReply(place.owner, message_id), {
      message: { message_content: ANSWERED.content },
    })
    t.equal(await getSeq(stores, place), 3)
  })

  t.test('[LIFE3] the sender of a failure is the system, not the assistant', async (t) => {
    const { message_id } = await aReply(stores)
    const error = { code: 'llm_timeout', retryable: true } as const
    const content = { content: 'Try again.', error, partial: 'Isolate **host 7**,\nthen \u{1F525}' }

    const { row, job } = await answerReply(stores, message_id, content)

    t.match(row.message, {
      message_type: 'error',
      message_from: 'system',
      sender_type: 'system',
      message_content: content,
    })
    t.equal(job, null)
  })

  t.test('[LIFE3] successful and failed calls to a model can be recorded', async (t) => {
    const { message_id } = await aReply(stores)
    const call = { message_id, attempt: 1, model: 'big', error_code: null, first_token_ms: 120, total_ms: 900 }
    const usage = { prompt_tokens: 10, completion_tokens: 5 }

    await t.resolves(replies.recordCall({ ...call, outcome: 'ok', usage }))
    await t.resolves(replies.recordCall({ ...call, outcome: 'failed', usage: null, first_token_ms: null }))
  })
}

function proveDue(t: Test, { stores, expireLease }: Harness): void {
  const { replies } = stores

  t.test('[LIFE4] the longest overdue reply is taken first, and each reply once', async (t) => {
    const [third, first, second] = await Promise.all([aReply(stores), aReply(stores), aReply(stores)])
    await expireLease(first.message_id, 3 * DECADE_MS)
    await expireLease(second.message_id, 2 * DECADE_MS)
    await expireLease(third.message_id, DECADE_MS)

    const taken = [await replies.takeDue(2, LEASE_MS), await replies.takeDue(1, LEASE_MS)]

    const [firstId, secondId, thirdId] = [first.message_id, second.message_id, third.message_id]
    t.same(
      taken.map((refs) => refs.map(({ message_id }) => message_id)),
      [[firstId, secondId], [thirdId]],
    )
  })

  t.test('[LIFE4] a leased reply is not due; once its lease has lapsed, it is', async (t) => {
    const { message_id } = await aReply(stores)
    const attempt = await claimReply(stores, message_id)

    const whileLeased = await replies.takeDue(1_000, 0)
    await expireLease(message_id, 4 * DECADE_MS)
    const afterwards = await replies.takeDue(1, LEASE_MS)

    t.notOk(whileLeased.some((ref) => ref.message_id === message_id))
    t.same(afterwards, [{ message_id, attempt }])
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 2 })
  })

  t.test('[LIFE4] a later reply of a session is not due before the earlier ones are finished', async (t) => {
    const { message_id, place } = await aReply(stores)
    const later = (await stores.messages.ask(aQuestion(place))).reply.message.message_id
    await claimReply(stores, message_id)
    await expireLease(later, 4 * DECADE_MS)

    const due = await replies.takeDue(1_000, 0)

    t.notOk(due.some((ref) => ref.message_id === later))
  })
}

function proveAttempts(t: Test, { stores, expireLease }: Harness): void {
  const { replies } = stores

  t.test('[TRACE1] a claim names the request by which the reply was asked for, or asked for again', async (t) => {
    const place = await aPlace(stores)
    const auditContext = { address: null, request_id: createId() }
    const { message_id } = (await stores.messages.ask(aQuestion(place, { auditContext }))).reply.message

    const claim = await replies.claim(message_id, LEASE_MS)

    t.equal(claim?.request_id, auditContext.request_id)
    await replies.finish({ message_id, attempt: claim?.row.attempt ?? 0 }, ANSWERED)
    for (const request_id of [createId(), null]) {
      await stores.messages.retry(place.owner, message_id, undefined, { request_id })
      const again = await replies.claim(message_id, LEASE_MS)
      t.equal(again?.request_id, request_id)
      await replies.finish({ message_id, attempt: again?.row.attempt ?? 0 }, ANSWERED)
    }
  })

  t.test('[LIFE5] another call within a claim has a new fence token and costs no try', async (t) => {
    const { message_id } = await aReply(stores)
    const first = { message_id, attempt: await claimReply(stores, message_id) }

    const second = await replies.startNextAttempt(first, LEASE_MS)

    t.same(second, { message_id, attempt: 2 })
    t.equal(await replies.finish(first, ANSWERED), undefined)
    await expireLease(message_id)
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 2, row: { attempt: 3 } })
  })

  t.test('[LIFE6] a released reply can be claimed immediately, and its try does not count', async (t) => {
    const { message_id } = await aReply(stores)
    const attempt = await claimReply(stores, message_id)

    const released = await replies.release({ message_id, attempt })

    t.equal(released?.message_id, message_id)
    t.ok((released?.attempt ?? 0) > 0, 'so that its job has a new id')
    t.match(await replies.claim(message_id, LEASE_MS), { tries: 1 })
  })

  t.test('[LIFE6] a released reply can be cancelled without a worker', async (t) => {
    const { message_id, place } = await aReply(stores)
    await replies.release({ message_id, attempt: await claimReply(stores, message_id) })

    const cancelled = await stores.messages.cancel(place.owner, message_id)

    t.match(cancelled, { claimed: false, change: {} })
  })
}

/** Tries every write of a worker with this fence token. */
async function tryAllWrites({ replies }: Stores, ref: ReplyRef) {
  return {
    renewed: await replies.renew(ref, LEASE_MS),
    next: await replies.startNextAttempt(ref, LEASE_MS),
    released: await replies.release(ref),
    finished: await replies.finish(ref, ANSWERED),
  }
}

async function aReply(stores: Stores): Promise<{ message_id: string; place: Place }> {
  const place = await aPlace(stores)
  const asked = await stores.messages.ask(aQuestion(place))
  return { message_id: asked.reply.message.message_id, place }
}
