import type { Statistics, Upkeep } from '@engineer-chat/chat/operations'
import { type Ages, removeOld } from './remove-old-records.ts'

/** How long after its end a day is still counted anew. */
const SETTLE_DAYS = 2

/** Counts the days before what they are counted of is removed, and removes it even if counting fails. */
export async function keepHouse(
  { upkeep, statistics }: { upkeep: Upkeep; statistics: Statistics },
  ages: Ages,
): Promise<void> {
  try {
    await statistics.countDays(settleDays(ages))
  } finally {
    await removeOld(upkeep, ages)
  }
}

/** A day is counted for the last time before any of its chats or calls is old enough to be gone. */
function settleDays({ retention: { chatDays, recordDays } }: Ages): number {
  const ages = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(SETTLE_DAYS, ...ages.map((days) => days - 2)))
}
