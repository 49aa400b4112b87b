import {
  findFirstAdmin,
  MIGRATION_SECTIONS,
  parseDatabaseAddress,
  readConfig,
  toDatabaseTls,
} from '@engineer-chat/adapters/environment'
import { createMysqlStores, grantAccount, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords, createFirstAdmin } from '@engineer-chat/chat/people'
import { readCommandLine } from '@engineer-chat/process/commands'
import { runOrExit } from '../src/read-environment-or-exit.ts'

// npm run migrate brings the database up to this version, so that nodes need not do it at their start. If no user
// exists, it creates the administrator that ADMIN_USERNAME names. If DATABASE_ADMIN_URL is set, it uses that account,
// and creates the account of DATABASE_URL, which may then change rows but not tables.

readCommandLine('migrate')
const config = await runOrExit(() => readConfig(process.env, MIGRATION_SECTIONS))
const options = { connectionLimit: 1, tls: toDatabaseTls(config) }
const mysql = openMysql(config.database.url, options)
const adminUrl = config.databaseAdmin.url
const admin = adminUrl === undefined ? undefined : openMysql(adminUrl, options)
try {
  await runOrExit(() => migrate(admin ?? mysql))
  console.log('The database is up to date.')
  if (admin) {
    await runOrExit(() => grantAccount(admin, mysql, parseDatabaseAddress(config.database.url)))
    console.log('The account of DATABASE_URL may read and change rows.')
  }
  const firstAdmin = findFirstAdmin(config)
  if (firstAdmin) {
    const ctx = { ...createMysqlStores(mysql), passwords: createArgon2Passwords() }
    const user = await runOrExit(() => createFirstAdmin(ctx, firstAdmin))
    console.log(
      user
        ? `The administrator ${user.username} was created.`
        : 'There are users already, so no administrator was created.',
    )
  }
} finally {
  await mysql.close()
  await admin?.close()
}
