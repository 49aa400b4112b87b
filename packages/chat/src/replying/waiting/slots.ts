import type { ModelCapacity } from '../../models/index.ts'
import type { ReplyRef } from '../../shared/index.ts'

/** Describes a stored slot of a call. It counts towards a limit while it is in use or recent. */
export interface Slot extends ReplyRef {
  user_id: string
  tokens: number
  ageMs: number
  /** True means that the reply's lease is valid and that the reply has begun no other call. */
  isInUse: boolean
}

/** Describes a reply that waits for a slot of the model and that is the earliest unfinished one of its session. */
export interface SlotWaiter extends ReplyRef {
  user_id: string
  acceptedAtMs: number
  /** True means that a worker has just claimed the reply and will ask for a slot next. */
  isClaimed: boolean
}

/** Holds what MySQL knows of a limited model at one moment. */
export interface SlotFacts {
  slots: Slot[]
  waiting: SlotWaiter[]
}

export type SlotDecision =
  | { isGranted: true }
  /** `retryAfterMs` is null if the reply waits for the end of another call or for its turn, whose times are unknown. */
  | { isGranted: false; retryAfterMs: number | null }

/** Calls of the last minute count towards the limits per minute. */
const SLOT_WINDOW_MS = 60_000

/** Returns true for a slot that counts towards no limit any more, so that it can be removed. */
export const isSlotOver = (slot: Slot): boolean => !slot.isInUse && !isSlotRecent(slot)

/** Returns how many more calls may begin now. It ignores the limit of tokens. */
export function countFreeSlots({ maxConcurrent, requestsPerMinute }: ModelCapacity, slots: Slot[]): number {
  const inUse = slots.filter(({ isInUse }) => isInUse).length
  const recent = slots.filter(isSlotRecent).length
  return Math.max(0, Math.min((maxConcurrent ?? Infinity) - inUse, (requestsPerMinute ?? Infinity) - recent))
}

export const isSlotRecent = ({ ageMs }: Slot): boolean => ageMs < SLOT_WINDOW_MS

/**
 * Orders replies fairly between people: by how many older replies the same person has, then by age. So the oldest
 * reply of each person comes before anybody's second reply. A call under way counts as an older reply of its person.
 */
export function orderFairly(waiting: SlotWaiter[], slots: Slot[]): SlotWaiter[] {
  const repliesOfPerson = new Map<string, number>()
  /** Counts one more reply of a person. Returns how many were counted before. */
  const countReply = (user_id: string): number => {
    const repliesBefore = repliesOfPerson.get(user_id) ?? 0
    repliesOfPerson.set(user_id, repliesBefore + 1)
    return repliesBefore
  }
  for (const { user_id, isInUse } of slots) if (isInUse) countReply(user_id)
  const counted = waiting.toSorted(compareAge).map((reply) => ({ reply, ownBefore: countReply(reply.user_id) }))
  // The sort is stable, so replies with the same count keep their order by age.
  return counted.sort((a, b) => a.ownBefore - b.ownBefore).map(({ reply }) => reply)
}

const compareAge = (a: SlotWaiter, b: SlotWaiter): number =>
  a.acceptedAtMs - b.acceptedAtMs || (a.message_id < b.message_id ? -1 : 1)

/**
 * Decides whether the reply `self` may call the model now: only if a slot is left after the replies that come before
 * it in the fair order. A call with more tokens than the limit per minute is allowed after a minute without calls.
 */
export function decideSlot(
  capacity: ModelCapacity,
  { slots, waiting }: SlotFacts,
  self: SlotWaiter,
  tokens: number,
): SlotDecision {
  const others = waiting.filter(({ message_id }) => message_id !== self.message_id)
  const rank = orderFairly([...others, self], slots).indexOf(self)
  if (countFreeSlots(capacity, slots) <= rank) {
    return { isGranted: false, retryAfterMs: computeRequestWaitMs(capacity, slots) }
  }
  const tokenWaitMs = computeTokenWaitMs(capacity, slots, tokens)
  return tokenWaitMs === null ? { isGranted: true } : { isGranted: false, retryAfterMs: tokenWaitMs }
}

/** Returns the time until the limit of requests has room for another one; null if it has room now or is not set. */
function computeRequestWaitMs({ requestsPerMinute }: ModelCapacity, slots: Slot[]): number | null {
  if (requestsPerMinute === null) return null
  const agesMs = slots
    .filter(isSlotRecent)
    .map(({ ageMs }) => ageMs)
    .sort((a, b) => a - b)
  // When this call leaves the window, the window has one request less than the limit.
  const freeingCallAgeMs = agesMs[requestsPerMinute - 1]
  return freeingCallAgeMs === undefined ? null : SLOT_WINDOW_MS - freeingCallAgeMs
}

/** Returns the time until the limit of tokens has room for this many; null if it has room now or is not set. */
function computeTokenWaitMs({ tokensPerMinute }: ModelCapacity, slots: Slot[], tokens: number): number | null {
  if (tokensPerMinute === null) return null
  const oldestFirst = slots.filter(isSlotRecent).sort((a, b) => b.ageMs - a.ageMs)
  let usedTokens = oldestFirst.reduce((sum, slot) => sum + slot.tokens, 0)
  let waitMs: number | null = null
  for (const slot of oldestFirst) {
    if (usedTokens === 0 || usedTokens + tokens <= tokensPerMinute) return waitMs
    usedTokens -= slot.tokens
    waitMs = SLOT_WINDOW_MS - slot.ageMs
  }
  return waitMs
}

/** Lists the waiting replies that may call the model now, and that nobody has claimed yet. */
export function listNextReplies(capacity: ModelCapacity, { slots, waiting }: SlotFacts): SlotWaiter[] {
  return orderFairly(waiting, slots)
    .slice(0, countFreeSlots(capacity, slots))
    .filter(({ isClaimed }) => !isClaimed)
}
