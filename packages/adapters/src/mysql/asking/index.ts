export { mysqlMessages } from './message-store.ts'
export { mysqlSessions } from './sessions.ts'
