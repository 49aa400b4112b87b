export { liftLegalHold, listLegalHolds, placeLegalHold } from './legal-holds.ts'
export { listConfiguredModels } from './list-configured-models.ts'
export type { CallStats, CallStatsByModel } from './model-call-stats.ts'
export {
  createModelHealthTracker,
  type ModelHealthStore,
  type ModelReport,
  toAiHealth,
  toHealthByModel,
} from './model-health.ts'
export {
  MONTHLY_TABLES,
  type MonthArchive,
  type MonthlyTable,
  type MonthPartitions,
  type MonthStore,
  type PartitionState,
  PartitionsNotAllowedError,
} from './month-store.ts'
export { addToMonth, listNeededMonths, toMonth } from './months.ts'
export { type BoardRetryCounts, openQueueBoard, retryFromQueueBoard } from './queue-board.ts'
export type { RateCount, SharedRateCounters } from './rate-counters.ts'
export { readAnalytics } from './read-analytics.ts'
export {
  ANSWER_TIME_BOUNDS,
  addReplyGroup,
  createReplyStats,
  type ReplyEnd,
  type ReplyGroup,
  type ReplyStats,
  sumReplyStats,
  toAnalyticsFigures,
} from './reply-stats.ts'
export type { RetentionStore } from './retention-store.ts'
export { type KeptDaysByTable, type RotationContext, rotateMonths } from './rotate-months.ts'
export { countSessionEnds } from './session-stats.ts'
export type { DayStats, StatisticsStore } from './statistics-store.ts'
