export { countSessions } from './count-sessions.ts'
export { findInstallation, getInstallation, renewInstallation } from './installation.ts'
export { createRetentionStore } from './retention.ts'
export { createStatisticsStore } from './statistics.ts'
