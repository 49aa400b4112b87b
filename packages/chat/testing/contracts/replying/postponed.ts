import type { Test } from 'tap'
import type { Postponement } from '../../../src/replying/reply-store.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  claimReply,
  getSeq,
  type Harness,
  LEASE_MS,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'

const HOUR_MS = 3_600_000
const MAX_REPLIES = 1_000
const AGAIN_AFTER_MS = LEASE_MS
const NO_PAUSE: Postponement = { delayMs: 0, deadlineMs: HOUR_MS, models: [{ id: 'big', isFull: false }] }
const LONG_PAUSE: Postponement = { ...NO_PAUSE, delayMs: HOUR_MS / 2 }

/** Proves what a store does with a reply whose models are busy. */
export const postponedContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'postponed replies', make, provePostponement, proveCancelsAndRetries, proveDeadline)

function provePostponement(t: Test, { stores }: Harness): void {
  const { replies } = stores

  t.test('[BUSY2] no worker claims a postponed reply, its try does not count, and its row stays', async (t) => {
    const { ref, place } = await aClaimedReply(stores)
    const before = await stores.messages.findOwnReply(place.owner, ref.message_id)

    t.equal(await replies.postpone(ref, NO_PAUSE), 'postponed')

    t.same(await stores.messages.findOwnReply(place.owner, ref.message_id), before)
    t.equal(await getSeq(stores, place), 2, 'no sequence number is taken')
    t.match(await replies.renew(ref, LEASE_MS), { held: false })
    t.match(await replies.claim(ref.message_id, LEASE_MS), { tries: 1, row: { attempt: 2 } })
  })

  t.test('[BUSY2] a postponed reply is due after the pause, and not before', async (t) => {
    const [longPause, noPause] = [await aClaimedReply(stores), await aClaimedReply(stores)]
    await replies.postpone(longPause.ref, LONG_PAUSE)
    await replies.postpone(noPause.ref, NO_PAUSE)

    const due = await replies.takeDue(MAX_REPLIES, AGAIN_AFTER_MS)

    t.notOk(due.some(({ message_id }) => message_id === longPause.ref.message_id))
    t.match(
      due.find(({ message_id }) => message_id === noPause.ref.message_id),
      noPause.ref,
    )
  })

  t.test('[BUSY3] a worker that lost the reply, released it or finished it postpones nothing', async (t) => {
    const [released, finished] = [await aClaimedReply(stores), await aClaimedReply(stores)]
    await replies.release(released.ref)
    await replies.finish(finished.ref, { type: 'chat', content: { content: 'Isolate it.' } })

    t.equal(await replies.postpone(released.ref, LONG_PAUSE), 'fenced')
    t.equal(await replies.postpone({ ...released.ref, attempt: 7 }, LONG_PAUSE), 'fenced')
    t.equal(await replies.postpone(finished.ref, LONG_PAUSE), 'fenced')
    t.match(await replies.claim(released.ref.message_id, LEASE_MS), { tries: 1 })
  })
}

function proveCancelsAndRetries(t: Test, { stores }: Harness): void {
  const { messages, replies } = stores

  t.test('[BUSY3] a reply whose cancellation was requested is not postponed, so that its worker ends it', async (t) => {
    const { ref, place } = await aClaimedReply(stores)
    await messages.cancel(place.owner, ref.message_id)

    t.equal(await replies.postpone(ref, LONG_PAUSE), 'cancelled')

    t.same(await replies.renew(ref, LEASE_MS), { held: true, cancel_requested: true })
  })

  t.test(
    '[BUSY3] a postponed reply is cancelled immediately, and the next question of its session is free',
    async (t) => {
      const { ref, place } = await aClaimedReply(stores)
      const next = (await messages.ask(aQuestion(place))).reply.message.message_id
      await replies.postpone(ref, LONG_PAUSE)
      t.equal(await replies.claim(next, LEASE_MS), undefined)

      const cancelled = await messages.cancel(place.owner, ref.message_id)

      t.match(cancelled, { claimed: false, change: {}, job: { message_id: next, attempt: 0 } })
      t.equal(await replies.claim(ref.message_id, LEASE_MS), undefined)
    },
  )

  t.test('[BUSY3] a retry changes nothing on a postponed reply', async (t) => {
    const { ref, place } = await aClaimedReply(stores)
    await replies.postpone(ref, LONG_PAUSE)
    t.match(await messages.retry(place.owner, ref.message_id), { change: null, job: null })
  })

  t.test('[BUSY3] the record of a postponed reply is removed when the reply has ended, and only then', async (t) => {
    const [waiting, ended] = [await aClaimedReply(stores), await aClaimedReply(stores)]
    for (const { ref } of [waiting, ended]) await replies.postpone(ref, NO_PAUSE)
    await answerReply(stores, ended.ref.message_id)

    await replies.forgetEndedPostponements()

    await t.resolves(replies.forgetEndedPostponements(), 'a second run does not fail')
    t.ok(await replies.claim(waiting.ref.message_id, LEASE_MS))
  })
}

function proveDeadline(t: Test, { stores, makeOlder }: Harness): void {
  const { messages, replies } = stores

  t.test('[BUSY4] until the deadline a reply is postponed; then its worker keeps it', async (t) => {
    const [young, old] = [await aClaimedReply(stores), await aClaimedReply(stores)]
    await makeOlder(young.ref.message_id, HOUR_MS - 600_000)
    await makeOlder(old.ref.message_id, HOUR_MS)

    t.equal(await replies.postpone(young.ref, LONG_PAUSE), 'postponed')
    t.equal(await replies.postpone(old.ref, LONG_PAUSE), 'overdue')

    t.match(await replies.renew(old.ref, LEASE_MS), { held: true })
  })

  t.test('[BUSY4] a reply is due at its deadline, also if the pause is longer', async (t) => {
    const { ref } = await aClaimedReply(stores)
    await makeOlder(ref.message_id, HOUR_MS - 1_000)
    const isDue = async () =>
      (await replies.takeDue(MAX_REPLIES, AGAIN_AFTER_MS)).some(({ message_id }) => message_id === ref.message_id)

    t.equal(await replies.postpone(ref, LONG_PAUSE), 'postponed')

    for (;;) if (await isDue()) break // The deadline comes within a second.
    t.ok(await replies.claim(ref.message_id, LEASE_MS))
  })

  t.test('[BUSY4] a retried reply has the whole time until its deadline again', async (t) => {
    const { ref, place } = await aClaimedReply(stores)
    await makeOlder(ref.message_id, HOUR_MS)
    await replies.finish(ref, { type: 'error', content: { content: 'Sorry.' } })
    await messages.retry(place.owner, ref.message_id)
    const attempt = await claimReply(stores, ref.message_id)

    t.equal(await replies.postpone({ ...ref, attempt }, LONG_PAUSE), 'postponed')
  })
}

async function aClaimedReply(stores: Stores): Promise<{ ref: ReplyRef; place: Place }> {
  const place = await aPlace(stores)
  const { message_id } = (await stores.messages.ask(aQuestion(place))).reply.message
  return { ref: { message_id, attempt: await claimReply(stores, message_id) }, place }
}
