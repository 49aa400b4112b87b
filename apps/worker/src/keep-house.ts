import type { Statistics, Upkeep } from '@engineer-chat/chat'
import { type Ages, removeOld } from './remove-old.ts'

/** How long after its end a day is still counted anew. */
const SETTLE_DAYS = 2

/** Counts the days before what they are counted of is removed, and removes it even if counting fails. */
export async function keepHouse(
  { upkeep, statistics }: { upkeep: Upkeep; statistics: Statistics },
  environment: Ages,
): Promise<void> {
  try {
    await statistics.countDays(settleDays(environment.RETENTION_DAYS))
  } finally {
    await removeOld(upkeep, environment)
  }
}

/** A day is counted for the last time before any of its chats is old enough to be gone. */
function settleDays(retention_days: number): number {
  return retention_days === 0 ? SETTLE_DAYS : Math.min(SETTLE_DAYS, Math.max(0, retention_days - 2))
}
