import type { Random } from '../random.ts'
import type { PlannedFault, RedisOutageKind } from './fault.ts'

/** A shorter schedule has no outage of the whole Redis. */
const MIN_LENGTH_WITH_OUTAGES_MS = 300_000
/** A schedule has one outage of each kind per full period of this length, but at least one of each kind. */
const PERIOD_MS = 20 * 60_000
const MAX_OUTAGE_MS = 240_000
/**
 * Each section of the schedule has one outage. The length of the outage is a share of the section's length, from
 * MIN_OUTAGE_SHARE to MAX_OUTAGE_SHARE.
 */
const MIN_OUTAGE_SHARE = 0.3
const MAX_OUTAGE_SHARE = 0.5
/** No fault begins for this time after an outage, so that the questions of the outage can be answered. */
export const FAULT_FREE_AFTER_OUTAGE_MS = 15_000

/**
 * Plans outages of the whole Redis: divides the schedule into sections of equal length, and plans one outage of at most
 * MAX_OUTAGE_MS in each section. The two kinds take turns: all servers hang, or all are stopped. The seed decides which
 * kind is the first.
 */
export function planRedisOutages(random: Random, lengthMs: number): PlannedFault[] {
  if (lengthMs < MIN_LENGTH_WITH_OUTAGES_MS) return []
  const count = 2 * Math.max(1, Math.floor(lengthMs / PERIOD_MS))
  const sectionMs = Math.floor(lengthMs / count)
  const [firstKind, secondKind]: [RedisOutageKind, RedisOutageKind] = random.drawBoolean(0.5)
    ? ['hang', 'stop']
    : ['stop', 'hang']
  return Array.from({ length: count }, (_, index) => {
    const share = random.drawInteger(MIN_OUTAGE_SHARE * 100, MAX_OUTAGE_SHARE * 100) / 100
    const durationMs = Math.round(Math.min(MAX_OUTAGE_MS, sectionMs * share))
    const startMs = index * sectionMs + random.drawInteger(0, sectionMs - durationMs - FAULT_FREE_AFTER_OUTAGE_MS)
    return { startMs, durationMs, fault: { type: 'redis-away', kind: index % 2 === 0 ? firstKind : secondKind } }
  })
}

/**
 * Removes faults that would overlap an outage or the FAULT_FREE_AFTER_OUTAGE_MS after it. A deploy is not removed, but
 * begins at the end of this time.
 */
export const removeOverlappingFaults = (outages: PlannedFault[], plannedFaults: PlannedFault[]): PlannedFault[] =>
  plannedFaults.flatMap((plannedFault) => {
    const outage = outages.find(
      ({ startMs, durationMs }) =>
        plannedFault.startMs < startMs + durationMs + FAULT_FREE_AFTER_OUTAGE_MS &&
        plannedFault.startMs + plannedFault.durationMs > startMs,
    )
    if (!outage) return [plannedFault]
    if (plannedFault.fault.type !== 'deploy') return []
    return [{ ...plannedFault, startMs: outage.startMs + outage.durationMs + FAULT_FREE_AFTER_OUTAGE_MS }]
  })
