import { connect, migrate } from '@engineer-chat/adapters/mysql'
import { environmentOrExit, orExit } from '../src/environment-or-exit.ts'

// npm run migrate: brings the database up to this version, once for all the nodes that start afterwards.

const mysql = connect((await environmentOrExit(process.env)).database.url, { connectionLimit: 1 })
try {
  await orExit(() => migrate(mysql))
  console.log('The database is up to date.')
} finally {
  await mysql.close()
}
