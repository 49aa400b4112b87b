export { replyBacklog } from './backlog.ts'
export { connect, type Mysql } from './connection.ts'
export { migrate } from './migrate.ts'
export { mysqlStores } from './stores.ts'
