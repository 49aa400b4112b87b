import type { RetentionStore, RotationContext, StatisticsStore } from '@engineer-chat/chat/operations'
import { type RetentionSettings, removeOldRows } from './remove-old-rows.ts'

/** The statistics of a day are counted again during this number of days after it. */
const RECOUNT_DAYS = 2

export interface MaintenanceContext extends RotationContext {
  retention: RetentionStore
  statistics: StatisticsStore
}

/** Counts the statistics of the last days, then removes old rows, even if the counting fails. */
export async function runMaintenance(
  ctx: MaintenanceContext,
  settings: RetentionSettings,
  countEndedSession?: (questionCount: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await ctx.statistics.updateDayStats(limitRecountDays(settings))
  } finally {
    await removeOldRows(ctx, settings, countEndedSession, signal)
  }
}

/**
 * A day is recounted for at least this many days fewer than its rows are kept, or not at all. One day is the day
 * itself: retention counts from its start, the recount from its end. The other is for a late recount.
 */
const RETENTION_MARGIN_DAYS = 2

/** Limits the recounts, so that a day is not counted again after some of its chats or calls were removed. */
function limitRecountDays({ retention: { chatDays, recordDays } }: RetentionSettings): number {
  const retentionDays = [chatDays, recordDays].filter((days) => days > 0)
  return Math.max(0, Math.min(RECOUNT_DAYS, ...retentionDays.map((days) => days - RETENTION_MARGIN_DAYS)))
}
