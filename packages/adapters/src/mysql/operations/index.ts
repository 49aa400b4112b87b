export { createRetentionStore } from './retention.ts'
export { createStatisticsStore } from './statistics.ts'
