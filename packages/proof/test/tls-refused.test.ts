import { join } from 'node:path'
import { canCreateCertificates, createAuthority } from '@engineer-chat/local-stack'
import { startProcess } from '@engineer-chat/proof'
import t, { test } from 'tap'
import { type Environment, runCommand, startTlsServers } from './tls-servers.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const skip = canCreateCertificates() ? false : 'openssl, which creates the certificates, is not installed'

/** Runs an API node or a worker that is expected to end during its start. */
async function runProcess(entry: string, env: Environment) {
  const started = startProcess(entry, { ...env, PORT: '0' })
  return { status: await started.exited, output: started.log.join('\n') }
}

test('[TLS1] [TLS3] processes and commands refuse a MySQL with a wrong certificate', { skip }, async (t) => {
  const { folder, mysql, env, containsSecret } = await startTlsServers(t)
  const otherAuthority = await createAuthority()
  t.teardown(() => otherAuthority.remove())
  const file = join(folder, 'backup.sql.gz')

  await t.test(
    '[TLS1] [TLS3] each command and process refuses MySQL with a certificate of another authority',
    async (t) => {
      const wrongEnv = { ...env, DATABASE_CA_FILE: otherAuthority.caFile }
      const results = await Promise.all([
        runCommand('migrate', wrongEnv),
        runCommand('user', wrongEnv, ['list']),
        runCommand('doctor', wrongEnv),
        runCommand('restore', wrongEnv, [file]),
        runProcess('apps/api/src/main.ts', wrongEnv),
        runProcess('apps/worker/src/main.ts', wrongEnv),
      ])
      for (const { status, output } of results) {
        t.equal(status, 1)
        t.match(output, /not of an authority that is trusted here/)
        t.notOk(containsSecret(output))
      }
      const backup = await runCommand('backup', wrongEnv, [file])
      t.equal(backup.status, 1)
      t.match(backup.output, /certificate/i, 'the program that dumps the database refuses MySQL, too')
      t.notOk(containsSecret(backup.output))
    },
  )

  await t.test('[TLS1] [TLS3] commands refuse MySQL with a certificate for another host', async (t) => {
    const wrongEnv = { ...env, DATABASE_URL: mysql.url }
    const [migration, backup] = await Promise.all([
      runCommand('migrate', wrongEnv),
      runCommand('backup', wrongEnv, [file]),
    ])
    t.match(migration, { status: 1, output: /for another host/ })
    t.match(backup, { status: 1, output: /certificate|host/i })
  })
})
