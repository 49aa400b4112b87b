import type { RetentionStore, StatisticsStore } from '@engineer-chat/chat/operations'
import { type RetentionSettings, removeOldRecords } from './remove-old-records.ts'

/** A day is counted anew for this long after its end. */
const SETTLE_DAYS = 2

/** Counts the days before what they are counted of is removed, and removes it even if counting fails. */
export async function runMaintenance(
  { upkeep, statistics }: { upkeep: RetentionStore; statistics: StatisticsStore },
  ages: RetentionSettings,
): Promise<void> {
  try {
    await statistics.countDays(computeSettleDays(ages))
  } finally {
    await removeOldRecords(upkeep, ages)
  }
}

/** A day is counted for the last time before any of its chats or calls is old enough to be gone. */
function computeSettleDays({ retention: { chatDays, recordDays } }: RetentionSettings): number {
  const ages = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(SETTLE_DAYS, ...ages.map((days) => days - 2)))
}
