import type { WaitingReply } from '@engineer-chat/protocol'
import type { Catalogue } from '../../models/index.ts'
import { estimateWaitMs } from './estimate-wait.ts'
import { orderFairly } from './slots.ts'
import type { WaitStore } from './wait-store.ts'

/**
 * Lists the places of a user's postponed replies in an event. If a reply waits for several models, the model with the
 * shortest expected wait counts.
 */
export async function listWaitingReplies(
  { waits, models: catalogue }: { waits: WaitStore; models: Catalogue },
  user_id: string,
  event_id: string,
): Promise<WaitingReply[]> {
  const soonest = new Map<string, WaitingReply>()
  for (const { message_id, model_id } of await waits.listOwn(user_id, event_id)) {
    const facts = await waits.readQueue(model_id)
    const place = orderFairly(facts.waiting, facts.slots).findIndex((reply) => reply.message_id === message_id) + 1
    if (place === 0) continue // The queue does not have the reply yet, or not any more.
    const capacity = catalogue.models.find(({ id }) => id === model_id)?.capacity
    const waitMs = estimateWaitMs(capacity, facts, place)
    const expected_wait_s = waitMs === null ? null : Math.max(1, Math.round(waitMs / 1_000))
    const earlierFound = soonest.get(message_id)
    if (!earlierFound || isShorter(expected_wait_s, earlierFound.expected_wait_s))
      soonest.set(message_id, { message_id, place, expected_wait_s })
  }
  return [...soonest.values()]
}

/** Null is a wait of unknown length, which counts as the longest. */
const isShorter = (waitS: number | null, otherWaitS: number | null): boolean =>
  waitS !== null && (otherWaitS === null || waitS < otherWaitS)
