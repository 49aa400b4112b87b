export { fromIso, toIso } from './column-types.ts'
export { connect, type Mysql, MysqlUnreachable } from './connection.ts'
export { atTheEdge, isDuplicateKey, isLost } from './errors.ts'
export { freshCache } from './expiring-cache.ts'
export { gather } from './group-commit.ts'
export {
  type LockedRoom,
  lockingRoomOf,
  lockingRooms,
  lockingSessionOf,
  lockRoom,
  lockSession,
  takeNumbers,
} from './lock-room.ts'
export { migrate } from './migrate.ts'
export { fromPlace, itemsOf, placeOf } from './paginate.ts'
export { BEGIN, COMMIT, inOneTrip, reading, type Statement, writing } from './round-trip.ts'
export { mysqlClock } from './server-clock.ts'
export { type MysqlFacts, mysqlFacts } from './server-info.ts'
export { type Tx, transaction, transactionOfTrips } from './transaction.ts'
