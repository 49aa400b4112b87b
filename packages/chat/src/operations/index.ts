export { listConfiguredModels } from './list-configured-models.ts'
export type { CallSums, CallsByModel } from './model-call-stats.ts'
export type { Counted, SharedCounts } from './rate-counters.ts'
export { readAnalytics } from './read-analytics.ts'
export {
  type AlikeReplies,
  ANSWER_TIME_BOUNDS,
  count,
  described,
  type Figures,
  noFigures,
  sumOf,
} from './reply-stats.ts'
export type { Upkeep } from './retention-store.ts'
export type { CountedDay, Statistics } from './statistics-store.ts'
