import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
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

const HOUR_MS = 3_600_000

/** Proves the facts that a store gives about waiting replies. */
export const waitsContract = (t: Test, make: MakeHarness) => runSuite(t, 'waits', make, proveOwnWaits, proveQueue)

function proveOwnWaits(t: Test, { stores }: Harness): void {
  const { replies, waits } = stores

  t.test('[PLACE2] users see for which models their own postponed replies in an event wait', async (t) => {
    const place = await aPlace(stores)
    const model_id = `model-${createId()}`
    const { message_id } = (await stores.messages.ask(aQuestion(place))).reply.message
    t.same(await waits.listOwn(place.owner, place.event_id), [], 'nothing waits yet')

    const attempt = await claimReply(stores, message_id)
    const models = [{ id: model_id, isFull: true }]
    await replies.postpone({ message_id, attempt }, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models })

    t.same(await waits.listOwn(place.owner, place.event_id), [{ message_id, model_id }])
    t.same(await waits.listOwn(place.other, place.event_id), [], 'nobody else does')
    t.same(await waits.listOwn(place.owner, (await aPlace(stores)).event_id), [], 'and not in another event')
    await replies.claim(message_id, LEASE_MS)
    t.same(await waits.listOwn(place.owner, place.event_id), [], 'a claimed reply does not wait')
  })
}

function proveQueue(t: Test, { stores }: Harness): void {
  const { replies, waits } = stores

  t.test(
    '[PLACE1] a queue has all waiting replies, also if their pause is not over, and the duration of successful calls',
    async (t) => {
      const place = await aPlace(stores)
      const model_id = `model-${createId()}`
      const call = { message_id: createId(), attempt: 1, model: 'big', model_id, usage: null, first_token_ms: 1 }
      await replies.recordCall({ ...call, outcome: 'ok', error_code: null, total_ms: 2_000 })
      await replies.recordCall({ ...call, attempt: 2, outcome: 'ok', error_code: null, total_ms: 4_000 })
      await replies.recordCall({ ...call, attempt: 3, outcome: 'failed', error_code: 'llm_timeout', total_ms: 30_000 })
      const { message_id } = (await stores.messages.ask(aQuestion(place))).reply.message
      const ref = { message_id, attempt: await claimReply(stores, message_id) }
      const models = [{ id: model_id, isFull: false }]
      await replies.postpone(ref, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models })

      const queue = await waits.readQueue(model_id)

      t.same([queue.slots, queue.meanCallMs, queue.waiting.length], [[], 3_000, 1])
      t.match(queue.waiting[0], { ...ref, user_id: place.owner, isClaimed: false })
      t.ok(queue.windowMs <= 60_000 && queue.endedCalls <= 2)
      const capacity = { maxConcurrent: 1, requestsPerMinute: null, tokensPerMinute: null }
      t.same(
        await replies.findSlotFacts({ id: model_id, capacity }),
        { slots: [], waiting: [] },
        'its pause is not over',
      )
    },
  )

  t.test('[PLACE1] no reply waits for a model that answers', async (t) => {
    const place = await aPlace(stores)
    const { message_id } = (await stores.messages.ask(aQuestion(place))).reply.message
    await answerReply(stores, message_id)
    const { slots, waiting, meanCallMs, endedCalls } = await waits.readQueue(`model-${createId()}`)
    t.same([slots, waiting, meanCallMs, endedCalls], [[], [], null, 0])
  })
}
