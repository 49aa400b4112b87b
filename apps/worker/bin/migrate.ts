import { findFirstAdmin, MIGRATION_SECTIONS, readConfig } from '@engineer-chat/adapters/environment'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords, createFirstAdmin } from '@engineer-chat/chat/people'
import { runOrExit } from '../src/read-environment-or-exit.ts'

// npm run migrate brings the database up to this version, once for all the nodes that start afterwards, and creates the
// administrator that ADMIN_USERNAME names where there is no user yet.

const config = await runOrExit(() => readConfig(process.env, MIGRATION_SECTIONS))
const mysql = openMysql(config.database.url, { connectionLimit: 1 })
try {
  await runOrExit(() => migrate(mysql))
  console.log('The database is up to date.')
  const firstAdmin = findFirstAdmin(config)
  if (firstAdmin) {
    const ctx = { ...createMysqlStores(mysql), passwords: createArgon2Passwords() }
    const user = await runOrExit(() => createFirstAdmin(ctx, firstAdmin))
    console.log(user ? `The administrator ${user.username} is created.` : 'There are users already: none is created.')
  }
} finally {
  await mysql.close()
}
