export { budgetUse } from './budgets/index.ts'
export {
  connect,
  type Mysql,
  type MysqlFacts,
  MysqlUnreachable,
  migrate,
  mysqlClock,
  mysqlFacts,
} from './core/index.ts'
export { replyBacklog } from './replying/index.ts'
export { mysqlStores } from './stores.ts'
