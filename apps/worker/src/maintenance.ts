import type { RetentionStore, StatisticsStore } from '@engineer-chat/chat/operations'
import { type RetentionSettings, removeOldRecords } from './remove-old-records.ts'

/** Is the number of days after a day's end on which its statistics are counted again. */
const RECOUNT_DAYS = 2

/** Counts the statistics of the last days, then removes old rows, even if the counting fails. */
export async function runMaintenance(
  { retention, statistics }: { retention: RetentionStore; statistics: StatisticsStore },
  settings: RetentionSettings,
  countEndedSession?: (questions: number) => void,
): Promise<void> {
  try {
    await statistics.countDays(limitRecountDays(settings))
  } finally {
    await removeOldRecords(retention, settings, countEndedSession)
  }
}

/** Retention begins with a day, recounts begin with its end, and the last recount may run a day later. */
const RETENTION_MARGIN_DAYS = 2

/** Limits the recounts, so that no day is counted again after the first of its chats or calls was removed. */
function limitRecountDays({ retention: { chatDays, recordDays } }: RetentionSettings): number {
  const retentionDays = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(RECOUNT_DAYS, ...retentionDays.map((days) => days - RETENTION_MARGIN_DAYS)))
}
