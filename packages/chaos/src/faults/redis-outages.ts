import type { Random } from '../random.ts'
import type { PlannedFault, RedisOutage } from './fault.ts'

/** Shorter schedules have no long outage of Redis. */
const OUTAGES_FROM_MS = 300_000
/** A schedule has one outage of each kind for each period of this length. */
const PERIOD_MS = 20 * 60_000
const MAX_OUTAGE_MS = 240_000
/** An outage takes at least, and at most, this part of its share of the schedule. */
const MIN_PART = 0.3
const MAX_PART = 0.5
/** Nothing is broken for this time after an outage, so that what was asked during it can be answered. */
export const QUIET_AFTER_MS = 15_000

/** Plans times of minutes in which no server of Redis answers, by turns because all hang and because all are stopped. */
export function planRedisOutages(random: Random, lengthMs: number): PlannedFault[] {
  if (lengthMs < OUTAGES_FROM_MS) return []
  const count = 2 * Math.max(1, Math.floor(lengthMs / PERIOD_MS))
  const shareMs = Math.floor(lengthMs / count)
  const ways: RedisOutage[] = random.drawBoolean(0.5) ? ['hang', 'stop'] : ['stop', 'hang']
  return Array.from({ length: count }, (_, index) => {
    const part = random.drawInteger(MIN_PART * 100, MAX_PART * 100) / 100
    const durationMs = Math.round(Math.min(MAX_OUTAGE_MS, shareMs * part))
    const startMs = index * shareMs + random.drawInteger(0, shareMs - durationMs - QUIET_AFTER_MS)
    return { startMs, durationMs, fault: { type: 'redis-away', how: ways[index % 2] === 'hang' ? 'hang' : 'stop' } }
  })
}

/** Leaves out faults that would overlap an outage, and lets a deploy begin after it. */
export const keepQuietDuring = (outages: PlannedFault[], planned: PlannedFault[]): PlannedFault[] =>
  planned.flatMap((one) => {
    const outage = outages.find(
      ({ startMs, durationMs }) =>
        one.startMs < startMs + durationMs + QUIET_AFTER_MS && one.startMs + one.durationMs > startMs,
    )
    if (!outage) return [one]
    if (one.fault.type !== 'deploy') return []
    return [{ ...one, startMs: outage.startMs + outage.durationMs + QUIET_AFTER_MS }]
  })
