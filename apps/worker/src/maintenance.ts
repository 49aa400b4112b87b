import type { RetentionStore, StatisticsStore } from '@engineer-chat/chat/operations'
import { type RetentionSettings, removeOldRecords } from './remove-old-records.ts'

/** A day is counted again during this many days after its end. */
const RECOUNT_DAYS = 2

/** Counts days before the rows that they count are removed, and removes rows even if counting fails. */
export async function runMaintenance(
  { retention, statistics }: { retention: RetentionStore; statistics: StatisticsStore },
  ages: RetentionSettings,
): Promise<void> {
  try {
    await statistics.countDays(computeRecountDays(ages))
  } finally {
    await removeOldRecords(retention, ages)
  }
}

/** A day is counted for the last time before any of its chats or calls is old enough to be gone. */
function computeRecountDays({ retention: { chatDays, recordDays } }: RetentionSettings): number {
  const ages = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(RECOUNT_DAYS, ...ages.map((days) => days - 2)))
}
