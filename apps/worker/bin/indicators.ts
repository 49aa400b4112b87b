import { toDatabaseTls } from '@engineer-chat/adapters/environment'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { resetRooms } from '@engineer-chat/chat/rooms'
import { readCommandLine } from '@engineer-chat/process/commands'
import { readEnvironmentOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run indicators -- --rebuild removes the stored indicators of one room or of all rooms. The workers then search
// messages and reports again, for example after a change of the rules. This command needs only MySQL.

const { values } = readCommandLine('indicators')
const config = await readEnvironmentOrExit(addRunningProductVariables(process.env, values.data))
const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
try {
  const stores = createMysqlStores(mysql)
  if (values.rebuild) {
    const roomCount = await resetRooms(stores.indicators, values.event)
    if (values.event !== undefined && roomCount === 0) {
      console.error(`There is no event ${values.event}, so nothing was changed.`)
      process.exitCode = 1
    } else {
      console.log(`The workers search ${roomCount} rooms again. Until then their lists are incomplete.`)
    }
  } else {
    const roomsBehind = await stores.indicators.listRoomsBehind(Number.MAX_SAFE_INTEGER)
    console.log(
      `${roomsBehind.length} rooms have not been searched for indicators completely; --rebuild searches all rooms again.`,
    )
  }
} finally {
  await mysql.close()
}
