import { join } from 'node:path'
import { canCreateCertificates, createAuthority } from '@engineer-chat/local-stack'
import { startProcess } from '@engineer-chat/proof'
import t, { test } from 'tap'
import { type Environment, runCommand, startTlsServers } from './tls-servers.ts'

t.setTimeout(240_000) // Each node and command is a process of its own.

const skip = canCreateCertificates() ? false : 'openssl makes the certificates'

/** Runs a lasting process that ends at its start. */
async function runProcess(entry: string, env: Environment) {
  const started = startProcess(entry, { ...env, PORT: '0' })
  return { status: await started.exited, output: started.log.join('\n') }
}

test('[TLS1] [TLS3] whole processes and commands refuse another MySQL', { skip }, async (t) => {
  const { folder, mysql, env, showsSecret } = await startTlsServers(t)
  const stranger = await createAuthority()
  t.teardown(() => stranger.remove())
  const file = join(folder, 'backup.sql.gz')

  await t.test('[TLS1] [TLS3] each refuses MySQL with a certificate of another authority', async (t) => {
    const wrong = { ...env, DATABASE_CA_FILE: stranger.caFile }
    const spoken = await Promise.all([
      runCommand('migrate', wrong),
      runCommand('user', wrong, ['list']),
      runCommand('doctor', wrong),
      runCommand('restore', wrong, [file]),
      runProcess('apps/api/src/main.ts', wrong),
      runProcess('apps/worker/src/main.ts', wrong),
    ])
    for (const { status, output } of spoken) {
      t.equal(status, 1)
      t.match(output, /not of an authority that is trusted here/)
      t.notOk(showsSecret(output))
    }
    const dump = await runCommand('backup', wrong, [file])
    t.equal(dump.status, 1)
    t.match(dump.output, /certificate/i, 'the dump’s program refuses it, too')
    t.notOk(showsSecret(dump.output))
  })

  await t.test('[TLS1] [TLS3] each refuses MySQL with a certificate for another host', async (t) => {
    const wrong = { ...env, DATABASE_URL: mysql.url }
    const [migrate, dump] = await Promise.all([runCommand('migrate', wrong), runCommand('backup', wrong, [file])])
    t.match(migrate, { status: 1, output: /for another host/ })
    t.match(dump, { status: 1, output: /certificate|host/i })
  })
})
