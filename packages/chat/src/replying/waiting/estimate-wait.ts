import type { ModelCapacity } from '../../models/index.ts'
import { countFreeSlots, isSlotRecent } from './slots.ts'
import type { QueueFacts } from './wait-store.ts'

const MINUTE_MS = 60_000

/**
 * Estimates in how many milliseconds the reply at this place begins. Place 1 begins first. Returns null if nothing is
 * known of the model's speed yet.
 */
export function estimateWaitMs(capacity: ModelCapacity | undefined, facts: QueueFacts, place: number): number | null {
  const estimatesMs = [estimateByCallsMs(capacity, facts, place), estimateByRequestLimitMs(capacity, facts, place)]
  const knownMs = estimatesMs.filter((estimateMs) => estimateMs !== null)
  return knownMs.length === 0 ? null : Math.max(...knownMs)
}

/**
 * With a limit of simultaneous calls, a reply begins when a call before it ends. The calls under way end first; the
 * replies after them wait for whole calls of average length. Without a limit, the recently ended calls give the speed.
 */
function estimateByCallsMs(capacity: ModelCapacity | undefined, facts: QueueFacts, place: number): number | null {
  const { slots, meanCallMs, endedCalls, windowMs } = facts
  const maxConcurrent = capacity?.maxConcurrent ?? null
  if (maxConcurrent === null) return endedCalls === 0 ? null : (place * windowMs) / endedCalls
  if (meanCallMs === null) return null
  const remainingMs = slots
    .filter(({ isInUse }) => isInUse)
    .map(({ ageMs }) => Math.max(0, meanCallMs - ageMs))
    .sort((a, b) => a - b)
  const idleSlots = Math.max(0, maxConcurrent - remainingMs.length)
  // Holds, for each of the simultaneous calls, the time until it may begin, the shortest first. After the limit was
  // lowered, more calls may be under way than it allows. The ends of the first ones then let no call begin.
  const startsInMs = [...Array<number>(idleSlots).fill(0), ...remainingMs].slice(-maxConcurrent)
  const wholeCalls = Math.floor((place - 1) / maxConcurrent)
  return (startsInMs[(place - 1) % maxConcurrent] ?? 0) + wholeCalls * meanCallMs
}

/** Returns the time until the limit of requests per minute has room for the reply, or null without such a limit. */
function estimateByRequestLimitMs(
  capacity: ModelCapacity | undefined,
  { slots }: QueueFacts,
  place: number,
): number | null {
  const requestsPerMinute = capacity?.requestsPerMinute ?? null
  if (requestsPerMinute === null) return null
  const freeSlots = countFreeSlots({ maxConcurrent: null, requestsPerMinute, tokensPerMinute: null }, slots)
  if (place <= freeSlots) return 0
  const placeAfterFree = place - freeSlots
  // Each call of the last minute makes room for another call when it is a minute old. The calls that begin then make
  // room a minute later. If the limit was lowered, the oldest calls beyond it make no room.
  const agesMs = slots.filter(isSlotRecent).map(({ ageMs }) => ageMs)
  const roomInMs = agesMs
    .map((ageMs) => MINUTE_MS - ageMs)
    .sort((a, b) => a - b)
    .slice(-requestsPerMinute)
  const wholeMinutes = Math.floor((placeAfterFree - 1) / requestsPerMinute)
  return (roomInMs[(placeAfterFree - 1) % requestsPerMinute] ?? MINUTE_MS) + wholeMinutes * MINUTE_MS
}
