import { openMysql, readMysqlInfo } from '@engineer-chat/adapters/mysql'
import { restoreDatabase } from '../src/commands/backup/backup.ts'
import { readEnvironmentOrExit } from '../src/read-environment-or-exit.ts'

// npm run restore -- FILE.sql.gz fills the database that DATABASE_URL names, if it is empty.

const [file] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: npm run restore -- FILE.sql.gz')
  process.exit(2)
}
const { database } = await readEnvironmentOrExit(process.env)
const mysql = openMysql(database.url, { connectionLimit: 1 })
try {
  const [tables] = await mysql.pool.query('SHOW TABLES')
  if (Array.isArray(tables) && tables.length > 0) {
    console.error('The database is not empty: name an empty one, so that nothing is overwritten.')
    process.exit(1)
  }
  await restoreDatabase(database.url, file)
  const { missing_migrations } = await readMysqlInfo(mysql)
  console.log(missing_migrations.length === 0 ? 'Restored.' : 'Restored; npm run migrate brings it up to this version.')
} finally {
  await mysql.close()
}
