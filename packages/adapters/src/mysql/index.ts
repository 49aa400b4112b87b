export { createBudgetUsageReader } from './budgets/index.ts'
export {
  AccountNotGrantedError,
  createWriteProbe,
  grantAccount,
  MigrationBlockedError,
  MigrationNotAllowedError,
  type Mysql,
  type MysqlServerInfo,
  MysqlUnreachableError,
  migrate,
  openMysql,
  readMysqlInfo,
  startServerClock,
  type WriteProbe,
} from './core/index.ts'
export { countRedEvents } from './events/index.ts'
export {
  countSessions,
  type DivideOptions,
  type DivideProgress,
  findInstallation,
  findTrace,
  getInstallation,
  type MonthlyTableInfo,
  moveIntoMonths,
  type QuestionTrace,
  readMonthlyTables,
  renewInstallation,
  TableInUseError,
} from './operations/index.ts'
export { countPostponedReplies, readReplyBacklog } from './replying/index.ts'
export { createMysqlStores } from './stores.ts'
