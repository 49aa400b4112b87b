import type { Test } from 'tap'
import type { ModelCapacity } from '../../../src/models/capacity.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  aPlace,
  aQuestion,
  claimReply,
  createSession,
  type Harness,
  LEASE_MS,
  type MakeHarness,
  type Place,
  runSuite,
} from '../harness.ts'

const HOUR_MS = 3_600_000
const FULL = { isGranted: false, retryAfterMs: null }
const GRANTED = { isGranted: true }
const NO_LIMIT: ModelCapacity = { maxConcurrent: null, requestsPerMinute: null, tokensPerMinute: null }

interface TestReply {
  ref: ReplyRef
  place: Place
}

/** Proves how the slots of limited models are counted. Each test has its own model. */
export const slotsContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'slots of models', make, proveLimits, proveEnds, proveTurns)

function proveLimits(t: Test, { stores }: Harness): void {
  t.test('[SLOT1] of many simultaneous requests only as many get a slot as there are slots', async (t) => {
    const model = aModel(stores, { maxConcurrent: 3 })
    const replies = await Promise.all(Array.from({ length: 8 }, () => aClaimedReply(stores)))

    const decisions = await Promise.all(replies.map((reply) => model.take(reply)))

    t.equal(decisions.filter(({ isGranted }) => isGranted).length, 3)
    t.same(decisions.filter(({ isGranted }) => !isGranted)[0], FULL)
  })

  t.test('[SLOT1] each model has its own slots', async (t) => {
    const [model, otherModel] = [aModel(stores, { maxConcurrent: 1 }), aModel(stores, { maxConcurrent: 1 })]
    t.same(await model.take(await aClaimedReply(stores)), GRANTED)
    t.same(await otherModel.take(await aClaimedReply(stores)), GRANTED)
    t.same(await model.take(await aClaimedReply(stores)), FULL)
  })

  t.test('[SLOT3] calls and tokens of the last minute count, also when the calls are over', async (t) => {
    const limitedByCalls = aModel(stores, { requestsPerMinute: 1 })
    const limitedByTokens = aModel(stores, { tokensPerMinute: 1_000 })
    for (const model of [limitedByCalls, limitedByTokens]) {
      const reply = await aClaimedReply(stores)
      t.same(await model.take(reply, 600), GRANTED)
      await finish(stores, reply)
      const decision = await model.take(await aClaimedReply(stores), 600)
      t.match(decision, { isGranted: false, retryAfterMs: Number })
      const waitMs = decision.isGranted ? 0 : (decision.retryAfterMs ?? 0)
      t.ok(waitMs > 30_000 && waitMs <= 60_000, `in ${waitMs} ms`)
    }
  })

  t.test('[SLOT3] the tokens that a call took replace its estimate', async (t) => {
    const model = aModel(stores, { tokensPerMinute: 1_000 })
    const reply = await aClaimedReply(stores)
    await model.take(reply, 900)
    await stores.replies.settleSlot(reply.ref, model.id, 100)
    t.same(await model.take(await aClaimedReply(stores), 900), GRANTED)
  })
}

function proveEnds(t: Test, { stores, expireLease }: Harness): void {
  const { replies } = stores

  t.test(
    '[SLOT1] a slot is free when its reply ends, is released or postponed, has its next call, or its lease lapses',
    async (t) => {
      const ends: Record<string, (reply: TestReply) => Promise<unknown>> = {
        finish: (reply) => finish(stores, reply),
        release: ({ ref }) => replies.release(ref),
        postpone: ({ ref }) => replies.postpone(ref, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models: [] }),
        'next call': ({ ref }) => replies.startNextAttempt(ref, LEASE_MS),
        'dead worker': ({ ref }) => expireLease(ref.message_id),
      }
      for (const [name, end] of Object.entries(ends)) {
        const model = aModel(stores, { maxConcurrent: 1 })
        const reply = await aClaimedReply(stores)
        t.same(await model.take(reply), GRANTED)
        t.same(await model.take(await aClaimedReply(stores)), FULL, `before ${name}`)
        await end(reply)
        t.same(await model.take(await aClaimedReply(stores)), GRANTED, `after ${name}`)
      }
    },
  )

  t.test('[SLOT1] a worker that lost the reply gets no slot', async (t) => {
    const model = aModel(stores, { maxConcurrent: 1 })
    const reply = await aClaimedReply(stores)
    await replies.release(reply.ref)
    t.match(await model.take(reply), { isGranted: false })
    t.same(await model.take(await aClaimedReply(stores)), GRANTED)
  })
}

function proveTurns(t: Test, { stores, makeOlder }: Harness): void {
  const { replies } = stores

  t.test('[SLOT2] a free slot goes to a waiting reply, and to the one whose turn it is', async (t) => {
    const model = aModel(stores, { maxConcurrent: 1 })
    const running = await aClaimedReply(stores)
    await model.take(running)
    const first = await aClaimedReply(stores)
    const secondOfSamePerson = await aClaimedReply(stores, first.place)
    const ofOtherPerson = await aClaimedReply(stores)
    await makeOlder(first.ref.message_id, 1_000)
    for (const reply of [first, secondOfSamePerson, ofOtherPerson]) await model.wait(reply)
    await finish(stores, running)

    t.same(await model.take(await aClaimedReply(stores)), FULL, 'a reply that has not waited')
    const { waiting } = await replies.findSlotFacts(model)
    t.same(new Set(waiting.map(({ message_id }) => message_id)).size, 3)
    t.match(waiting, [{ isClaimed: false }, { isClaimed: false }, { isClaimed: false }])
    t.same(await model.take(await claimAgain(stores, secondOfSamePerson)), FULL, 'the second reply of a person')
    t.same(await model.take(await claimAgain(stores, first)), GRANTED, 'the first reply of the same person')
  })

  t.test('[SLOT2] a reply that is claimed in its turn still waits until it has its slot', async (t) => {
    const model = aModel(stores, { maxConcurrent: 1 })
    const first = await aClaimedReply(stores)
    await makeOlder(first.ref.message_id, 1_000)
    await model.wait(first)
    const claimed = await claimAgain(stores, first)
    const beforeTaking = await replies.findSlotFacts(model)
    t.same([beforeTaking.slots, beforeTaking.waiting.length], [[], 1])
    t.match(beforeTaking.waiting[0], { ...claimed.ref, isClaimed: true })
    t.same(await model.take(await aClaimedReply(stores)), FULL)
    t.same(await model.take(claimed), GRANTED)
    const afterTaking = await replies.findSlotFacts(model)
    t.same([afterTaking.slots.length, afterTaking.waiting], [1, []])
    t.match(afterTaking.slots[0], { ...claimed.ref, isInUse: true })
  })

  t.test('[SLOT2] a waiting reply delays no other after its end, or when another model is called for it', async (t) => {
    const model = aModel(stores, { maxConcurrent: 1 })
    const [askedElsewhere, ended] = [await aClaimedReply(stores), await aClaimedReply(stores)]
    for (const reply of [askedElsewhere, ended]) await model.wait(reply)
    await replies.startNextAttempt((await claimAgain(stores, askedElsewhere)).ref, LEASE_MS)
    await stores.messages.cancel(ended.place.owner, ended.ref.message_id)
    t.same((await replies.findSlotFacts(model)).waiting, [])
    t.same(await model.take(await aClaimedReply(stores)), GRANTED)
  })

  t.test('[SLOT2] a reply that is retried after its end does not wait for the model of its earlier run', async (t) => {
    const model = aModel(stores, { maxConcurrent: 1 })
    const ended = await aClaimedReply(stores)
    await model.wait(ended)
    await stores.messages.cancel(ended.place.owner, ended.ref.message_id)

    await stores.messages.retry(ended.place.owner, ended.ref.message_id)

    t.same((await replies.findSlotFacts(model)).waiting, [])
    t.same(await model.take(await aClaimedReply(stores)), GRANTED)
  })

  t.test(
    '[SLOT2] a reply whose model asked for a pause, or that waits for an earlier reply of its session, delays no other one',
    async (t) => {
      const model = aModel(stores, { maxConcurrent: 1 })
      const postponed = await aClaimedReply(stores)
      const models = [{ id: model.id, isFull: false }]
      await replies.postpone(postponed.ref, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models })

      const place = await aPlace(stores)
      const earlier = await aClaimedReply(stores, place)
      await finish(stores, earlier)
      const later = (await stores.messages.ask(aQuestion(place))).reply.message.message_id
      await model.wait({ place, ref: { message_id: later, attempt: await claimReply(stores, later) } })
      await stores.messages.retry(place.owner, earlier.ref.message_id)

      t.same((await replies.findSlotFacts(model)).waiting, [])
      t.same(await model.take(await claimAgain(stores, earlier)), GRANTED)
    },
  )
}

/** Makes a model that nobody else uses. */
function aModel({ replies }: Stores, limits: Partial<ModelCapacity>) {
  const id = `model-${createId()}`
  const capacity = { ...NO_LIMIT, ...limits }
  return {
    id,
    capacity,
    take: ({ ref }: TestReply, tokens = 0) => replies.takeSlot(ref, { model_id: id, capacity, tokens }),
    wait: ({ ref }: TestReply) =>
      replies.postpone(ref, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models: [{ id, isFull: true }] }),
  }
}

/** Makes a reply in a new session, of the owner of `knownPlace` or of a new person, and claims it. */
async function aClaimedReply(stores: Stores, knownPlace?: Place): Promise<TestReply> {
  const place = knownPlace ?? (await aPlace(stores))
  // The new session becomes the active one, so the question below uses it.
  if (knownPlace) await createSession(stores, knownPlace)
  const { message_id } = (await stores.messages.ask(aQuestion(place))).reply.message
  return { place, ref: { message_id, attempt: await claimReply(stores, message_id) } }
}

/** Claims a reply that was postponed or retried. The result has its new fence token. */
async function claimAgain(stores: Stores, { place, ref: { message_id } }: TestReply): Promise<TestReply> {
  return { place, ref: { message_id, attempt: await claimReply(stores, message_id) } }
}

const finish = ({ replies }: Stores, { ref }: TestReply) =>
  replies.finish(ref, { type: 'chat', content: { content: 'Isolate it.' } })
