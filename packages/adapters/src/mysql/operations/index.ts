export { countSessions } from './count-sessions.ts'
export { findInstallation, getInstallation, renewInstallation } from './installation.ts'
export { createModelHealthStore } from './model-health.ts'
export {
  createMonthStore,
  type DivideOptions,
  type DivideProgress,
  type MonthlyTableInfo,
  moveIntoMonths,
  readMonthlyTables,
  TableInUseError,
} from './months/index.ts'
export { createRetentionStore } from './retention.ts'
export { createStatisticsStore } from './statistics.ts'
export { findTrace, type QuestionTrace } from './trace.ts'
