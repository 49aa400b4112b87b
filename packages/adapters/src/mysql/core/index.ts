export { fromIso, parseJson, toIso } from '../schema/index.ts'
export { AccountNotGrantedError, grantAccount } from './account.ts'
export { type Mysql, MysqlUnreachableError, openMysql } from './connection.ts'
export { type Database, ifGiven, insertSelected, NOW, NOW_UNDER_LOCK, toDatabase, toWrite } from './database.ts'
export { isConnectionLost, isDuplicateKey, isLockWaitTimeout, isPrivilegeMissing, translateErrors } from './errors.ts'
export { createExpiringCache } from './expiring-cache.ts'
export { groupCommit } from './group-commit.ts'
export {
  forUpdate,
  type IfLocked,
  lockRoom,
  lockRoomsOfMessages,
  lockSession,
  lockSessionsOfMessages,
  selectRoomsForUpdate,
  takeSeqs,
} from './lock-room.ts'
export { MigrationBlockedError, MigrationNotAllowedError, migrate } from './migrate.ts'
export { fromCursor, isAfterKey, toCursor, toItems } from './paginate.ts'
export { isEventReadable } from './readable-event.ts'
export {
  BEGIN,
  COMMIT,
  createRead,
  createSharedRoundTrips,
  createWrite,
  runTogether,
  runWrites,
  type SendStatements,
  type Statement,
} from './round-trip.ts'
export { executeRows, queryRow, queryRows, type TableRow } from './rows.ts'
export { runAlone } from './run-alone.ts'
export { startServerClock } from './server-clock.ts'
export { type MysqlServerInfo, readMysqlInfo } from './server-info.ts'
export { type Tx, transaction, withManualTransaction } from './transaction.ts'
export { createWriteProbe, type WriteProbe } from './write-probe.ts'
