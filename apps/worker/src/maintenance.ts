import type { RetentionStore, StatisticsStore } from '@engineer-chat/chat/operations'
import { type RetentionSettings, removeOldRecords } from './remove-old-records.ts'

/** A day is counted again on this many days after its end. */
const RECOUNT_DAYS = 2

/** Counts the statistics of days, then removes old rows, even if counting fails. */
export async function runMaintenance(
  { retention, statistics }: { retention: RetentionStore; statistics: StatisticsStore },
  settings: RetentionSettings,
): Promise<void> {
  try {
    await statistics.countDays(computeRecountDays(settings))
  } finally {
    await removeOldRecords(retention, settings)
  }
}

/** Ends the recounts of a day before any of its chats or calls is old enough to be removed. */
function computeRecountDays({ retention: { chatDays, recordDays } }: RetentionSettings): number {
  const ages = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(RECOUNT_DAYS, ...ages.map((days) => days - 2)))
}
