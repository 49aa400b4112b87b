import { toDatabaseTls } from '@engineer-chat/adapters/environment'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { rebuildRooms } from '@engineer-chat/chat/rooms'
import { readCommand } from '@engineer-chat/process/commands'
import { findRunningProduct } from '../src/find-running-product.ts'
import { readEnvironmentOrExit } from '../src/read-environment-or-exit.ts'

// npm run indicators -- --rebuild removes the stored indicators of one room or of all.
// The workers then search messages and reports again, for example after a change of the rules. This command needs only
// MySQL.

const { values } = readCommand('indicators')
const config = await readEnvironmentOrExit(findRunningProduct(process.env, values.data))
const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
try {
  const stores = createMysqlStores(mysql)
  if (values.rebuild) {
    const count = await rebuildRooms(stores.indicators, values.event)
    console.log(`The workers search ${count} rooms again. Until then their lists are incomplete.`)
  } else {
    const roomsBehind = await stores.indicators.listRoomsBehind(1_000)
    console.log(
      `${roomsBehind.length} rooms have not been searched for indicators completely; --rebuild searches all rooms again.`,
    )
  }
} finally {
  await mysql.close()
}
