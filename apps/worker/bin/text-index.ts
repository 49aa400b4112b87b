import { toDatabaseTls } from '@engineer-chat/adapters/environment'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { resetRooms } from '@engineer-chat/chat/rooms'
import { readCommandLine } from '@engineer-chat/process/commands'
import { readEnvironmentOrExit } from '../src/read-environment-or-exit.ts'
import { addRunningProductVariables } from '../src/running-product.ts'

// npm run text-index -- --rebuild removes the index of one room's messages, or of all messages and all documents.
// The workers then index these again, for example after a change of the rules. This command needs only MySQL.

const { values } = readCommandLine('text-index')
const config = await readEnvironmentOrExit(addRunningProductVariables(process.env, values.data))
const mysql = openMysql(config.database.url, { connectionLimit: 2, tls: toDatabaseTls(config) })
try {
  const { textIndex } = createMysqlStores(mysql)
  if (values.rebuild) {
    const roomCount = await resetRooms(textIndex, values.event)
    if (values.event === undefined) await textIndex.resetPieces()
    if (values.event !== undefined && roomCount === 0) {
      console.error(`There is no event ${values.event}, so nothing was changed.`)
      process.exitCode = 1
    } else {
      console.log(`The workers index ${roomCount} rooms again. Until then fewer of their messages are found.`)
    }
  } else {
    const roomsBehind = await textIndex.listRoomsBehind(Number.MAX_SAFE_INTEGER)
    console.log(`${roomsBehind.length} rooms are not indexed completely; --rebuild indexes all rooms again.`)
  }
} finally {
  await mysql.close()
}
