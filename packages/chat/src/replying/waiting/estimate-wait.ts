import type { ModelCapacity } from '../../models/index.ts'
import { countFreeSlots, isSlotRecent } from './slots.ts'
import type { QueueFacts } from './wait-store.ts'

const MINUTE_MS = 60_000

/**
 * Estimates in how many milliseconds the reply at this place begins. Place 1 is the next one. Returns null if nothing
 * is known of the model's speed yet.
 */
export function estimateWaitMs(capacity: ModelCapacity | undefined, facts: QueueFacts, place: number): number | null {
  const estimates = [estimateByCalls(capacity, facts, place), estimateByMinute(capacity, facts, place)]
  const known = estimates.filter((estimate) => estimate !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/**
 * With a limit of simultaneous calls, a reply begins when as many calls have ended as replies are before it: first what
 * is left of the calls under way, then whole calls of average length.
 */
function estimateByCalls(capacity: ModelCapacity | undefined, facts: QueueFacts, place: number): number | null {
  const { slots, meanCallMs, endedCalls, windowMs } = facts
  const maxConcurrent = capacity?.maxConcurrent ?? null
  if (maxConcurrent === null) return endedCalls === 0 ? null : (place * windowMs) / endedCalls
  if (meanCallMs === null) return null
  const remainingMs = slots
    .filter(({ isInUse }) => isInUse)
    .map(({ ageMs }) => Math.max(0, meanCallMs - ageMs))
    .sort((a, b) => a - b)
  const idle = Math.max(0, maxConcurrent - remainingMs.length)
  const startsInMs = [...Array<number>(idle).fill(0), ...remainingMs].slice(0, maxConcurrent)
  const round = Math.floor((place - 1) / maxConcurrent)
  return (startsInMs[(place - 1) % maxConcurrent] ?? 0) + round * meanCallMs
}

function estimateByMinute(capacity: ModelCapacity | undefined, { slots }: QueueFacts, place: number): number | null {
  const perMinute = capacity?.requestsPerMinute ?? null
  if (perMinute === null) return null
  const free = countFreeSlots({ maxConcurrent: null, requestsPerMinute: perMinute, tokensPerMinute: null }, slots)
  if (place <= free) return 0
  const placeAfterFree = place - free
  // Each call of the last minute makes room for another one when it is a minute old; the calls that begin then do the
  // same a minute later.
  const agesMs = slots.filter(isSlotRecent).map(({ ageMs }) => ageMs)
  const roomInMs = agesMs.map((ageMs) => MINUTE_MS - ageMs).sort((a, b) => a - b)
  const round = Math.floor((placeAfterFree - 1) / perMinute)
  return (roomInMs[(placeAfterFree - 1) % perMinute] ?? MINUTE_MS) + round * MINUTE_MS
}
