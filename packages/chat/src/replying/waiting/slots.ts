import type { ModelCapacity } from '../../models/index.ts'
import type { ReplyRef } from '../../shared/index.ts'

/** Describes a call that a model got in the last minute, or that it still works on. */
export interface Slot extends ReplyRef {
  user_id: string
  tokens: number
  ageMs: number
  /** True means that the reply's lease is valid and that the reply has begun no other call. */
  isInUse: boolean
}

/** Describes a reply that waits for the model, and that a worker could claim now. */
export interface WaitingReply extends ReplyRef {
  user_id: string
  acceptedAtMs: number
  /** True means that a worker has just claimed the reply, and will ask for its slot next. */
  isClaimed: boolean
}

/** Holds what MySQL knows of a limited model at one moment. */
export interface SlotFacts {
  slots: Slot[]
  waiting: WaitingReply[]
}

export type SlotDecision =
  | { isTaken: true }
  /** The time is known only for a limit per minute (requests or tokens). */
  | { isTaken: false; retryAfterMs: number | null }

/** Calls of the last minute count towards the limits per minute. */
const SLOT_WINDOW_MS = 60_000

/** A slot that counts neither in the last minute nor as a call under way can be removed. */
export const isSlotOver = (slot: Slot): boolean => !slot.isInUse && !isSlotRecent(slot)

/** Returns how many more calls may begin now, whatever their tokens. */
export function countFreeSlots({ maxConcurrent, requestsPerMinute }: ModelCapacity, slots: Slot[]): number {
  const inUse = slots.filter(({ isInUse }) => isInUse).length
  const recent = slots.filter(isSlotRecent).length
  return Math.max(0, Math.min((maxConcurrent ?? Infinity) - inUse, (requestsPerMinute ?? Infinity) - recent))
}

export const isSlotRecent = ({ ageMs }: Slot): boolean => ageMs < SLOT_WINDOW_MS

/**
 * Orders replies fairly between people: the first reply of each person comes before the second reply of anybody. Calls
 * under way count as earlier replies of their person. Replies of the same turn are ordered by age.
 */
export function orderFairly(waiting: WaitingReply[], slots: Slot[]): WaitingReply[] {
  const turns = new Map<string, number>()
  for (const { user_id, isInUse } of slots) if (isInUse) turns.set(user_id, (turns.get(user_id) ?? 0) + 1)
  const withTurns = waiting.toSorted(compareAge).map((reply) => {
    const turn = turns.get(reply.user_id) ?? 0
    turns.set(reply.user_id, turn + 1)
    return { reply, turn }
  })
  // The sort is stable, so replies of one turn keep their order by age.
  return withTurns.sort((a, b) => a.turn - b.turn).map(({ reply }) => reply)
}

const compareAge = (a: WaitingReply, b: WaitingReply): number =>
  a.acceptedAtMs - b.acceptedAtMs || (a.message_id < b.message_id ? -1 : 1)

/**
 * Decides whether this reply may call the model now: only if a slot is left for it after the replies that come before
 * it. A call with more tokens than the limit per minute is allowed if the model had no other call in that minute.
 */
export function decideSlot(
  capacity: ModelCapacity,
  { slots, waiting }: SlotFacts,
  self: WaitingReply,
  tokens: number,
): SlotDecision {
  const others = waiting.filter(({ message_id }) => message_id !== self.message_id)
  const rank = orderFairly([...others, self], slots).indexOf(self)
  if (countFreeSlots(capacity, slots) <= rank) return { isTaken: false, retryAfterMs: findRequestWait(capacity, slots) }
  const retryAfterMs = findTokenWait(capacity, slots, tokens)
  return retryAfterMs === null ? { isTaken: true } : { isTaken: false, retryAfterMs }
}

/** Returns when the limit of requests has room for another one; null if it has room now. */
function findRequestWait({ requestsPerMinute }: ModelCapacity, slots: Slot[]): number | null {
  if (requestsPerMinute === null) return null
  const ages = slots.filter(isSlotRecent).map(({ ageMs }) => ageMs)
  // After this call leaves the window, one request fits.
  const [freeingCallAgeMs] = ages.sort((a, b) => b - a).slice(ages.length - requestsPerMinute)
  return ages.length < requestsPerMinute || freeingCallAgeMs === undefined ? null : SLOT_WINDOW_MS - freeingCallAgeMs
}

/** Returns when the limit of tokens has room for this many; null if it has room now. */
function findTokenWait({ tokensPerMinute }: ModelCapacity, slots: Slot[], tokens: number): number | null {
  if (tokensPerMinute === null) return null
  const recent = slots.filter(isSlotRecent).sort((a, b) => b.ageMs - a.ageMs)
  let used = recent.reduce((sum, slot) => sum + slot.tokens, 0)
  let wait: number | null = null
  for (const slot of recent) {
    if (used === 0 || used + tokens <= tokensPerMinute) return wait
    used -= slot.tokens
    wait = SLOT_WINDOW_MS - slot.ageMs
  }
  return wait
}

/** Lists the waiting replies that may call the model now, and that nobody has claimed yet. */
export function listNextReplies(capacity: ModelCapacity, { slots, waiting }: SlotFacts): WaitingReply[] {
  const free = countFreeSlots(capacity, slots)
  return orderFairly(waiting, slots)
    .slice(0, free)
    .filter(({ isClaimed }) => !isClaimed)
}
