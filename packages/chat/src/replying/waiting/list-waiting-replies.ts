import type { WaitingReply } from '@engineer-chat/protocol'
import type { Catalogue } from '../../models/index.ts'
import { estimateWaitMs } from './estimate-wait.ts'
import { orderFairly } from './slots.ts'
import type { WaitStore } from './wait-store.ts'

/**
 * Lists the places of a user's postponed replies in an event. Of several models that a reply waits for, the one that
 * is expected first counts.
 */
export async function listWaitingReplies(
  { waits, models }: { waits: WaitStore; models: Catalogue },
  user_id: string,
  event_id: string,
): Promise<WaitingReply[]> {
  const best = new Map<string, WaitingReply>()
  for (const { message_id, model_id } of await waits.listOwn(user_id, event_id)) {
    const facts = await waits.readQueue(model_id)
    const place = orderFairly(facts.waiting, facts.slots).findIndex((reply) => reply.message_id === message_id) + 1
    if (place === 0) continue // It has just begun to wait, or has just ended.
    const capacity = models.models.find(({ id }) => id === model_id)?.capacity
    const waitMs = estimateWaitMs(capacity, facts, place)
    const expected_wait_s = waitMs === null ? null : Math.max(1, Math.round(waitMs / 1_000))
    const other = best.get(message_id)
    if (!other || isSooner(expected_wait_s, other.expected_wait_s))
      best.set(message_id, { message_id, place, expected_wait_s })
  }
  return [...best.values()]
}

const isSooner = (waitS: number | null, otherS: number | null): boolean =>
  waitS !== null && (otherS === null || waitS < otherS)
