import { join } from 'node:path'
import { migrate } from '@engineer-chat/adapters/mysql'
import { canCreateCertificates } from '@engineer-chat/local-stack'
import t, { test } from 'tap'
import { openAsAdmin, runCommand, startTlsServers, toLimitedAccountUrl } from './tls-servers.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const skip = canCreateCertificates() ? false : 'openssl, which creates the certificates, is not installed'

test('[TLS1] [ACCOUNT2] every command works over TLS and with an account of few rights', { skip }, async (t) => {
  const servers = await startTlsServers(t)
  const { env, folder } = servers
  const admin = await openAsAdmin(t, servers)
  await migrate(admin)
  const limitedEnv = { ...env, DATABASE_URL: toLimitedAccountUrl(env.DATABASE_URL) }
  const refused = await runCommand('user', limitedEnv, ['list'])
  t.match(refused, { status: 1, output: /No connection to MySQL \(ER_ACCESS_DENIED_ERROR\)/ }, 'no account yet')
  t.match(await runCommand('migrate', { ...limitedEnv, DATABASE_ADMIN_URL: env.DATABASE_URL }), { status: 0 })

  const file = join(folder, 'backup.sql.gz')
  const [doctor, deadLetters, users, backup] = await Promise.all([
    runCommand('doctor', limitedEnv),
    runCommand('dead-letters', limitedEnv),
    runCommand('user', limitedEnv, ['list']),
    runCommand('backup', limitedEnv, [file]),
  ])
  t.match(doctor.output, /ok +Migrations: all applied/)
  t.match(doctor.output, /ok +Redis policy: noeviction/)
  t.match(deadLetters, { status: 0, output: /^0 failed replies/ })
  t.match(users, { status: 0, output: /^There is no user yet/ })
  t.match(backup, { status: 0 })

  await admin.pool.query('CREATE DATABASE restored')
  const toRestoredUrl = (url: string) => url.replace(/[^/]+$/, 'restored')
  const restoreEnv = {
    ...env,
    DATABASE_URL: toRestoredUrl(limitedEnv.DATABASE_URL),
    DATABASE_ADMIN_URL: toRestoredUrl(env.DATABASE_URL),
  }
  t.match(await runCommand('restore', restoreEnv, [file]), { status: 0, output: /^Restored\./ })
})
