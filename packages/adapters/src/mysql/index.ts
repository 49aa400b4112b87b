export { createBudgetUsageReader } from './budgets/index.ts'
export {
  AccountNotGrantedError,
  createWriteProbe,
  grantAccount,
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
  findInstallation,
  findTrace,
  getInstallation,
  type QuestionTrace,
  renewInstallation,
} from './operations/index.ts'
export { countPostponedReplies, readReplyBacklog } from './replying/index.ts'
export { createMysqlStores } from './stores.ts'
