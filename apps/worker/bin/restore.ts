import { readConfig, toDatabaseTls } from '@engineer-chat/adapters/environment'
import { openMysql, readMysqlInfo, renewInstallation } from '@engineer-chat/adapters/mysql'
import { readCommandLine } from '@engineer-chat/process/commands'
import { restoreDatabase, STANDARD_STREAM } from '../src/commands/backup/backup.ts'
import { runOrExit } from '../src/read-environment-or-exit.ts'

// npm run restore -- FILE.sql.gz fills the database that DATABASE_URL names, if it is empty. The result is a separate
// installation, because the one that was dumped may still run.

const [file = STANDARD_STREAM] = readCommandLine('restore').positionals
const config = await runOrExit(() => readConfig(process.env, ['database', 'databaseAdmin', 'redis']))
// The account of DATABASE_URL may have no right to create tables.
const server = { url: config.databaseAdmin.url ?? config.database.url, tls: toDatabaseTls(config) }
const mysql = openMysql(server.url, { connectionLimit: 1, tls: server.tls })
try {
  // The process ends with a message for operators if MySQL can't be reached or its TLS certificate is not accepted.
  const connection = await runOrExit(() => mysql.open())
  await connection.end()
  const [tables] = await mysql.pool.query('SHOW TABLES')
  if (Array.isArray(tables) && tables.length > 0) {
    console.error('The database is not empty: name an empty one, so that nothing is overwritten.')
    process.exit(1)
  }
  await restoreDatabase(server, file)
  await renewInstallation(mysql)
  const { missingMigrations } = await readMysqlInfo(mysql)
  console.log(
    missingMigrations.length === 0 ? 'Restored.' : 'Restored; run npm run migrate to bring it up to this version.',
  )
  console.log(
    `It is now a separate installation. Flush its Redis, or: redis-cli DEL ${config.redis.namespace}:installation`,
  )
} finally {
  await mysql.close()
}
