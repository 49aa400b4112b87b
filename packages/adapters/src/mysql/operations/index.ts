export { mysqlUpkeep } from './retention.ts'
export { mysqlStatistics } from './statistics.ts'
