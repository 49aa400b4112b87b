import { join } from 'node:path'
import { canCreateCertificates, createAuthority, startMysql, startRedis } from '@engineer-chat/local-stack'
import { startProcess, waitUntil } from '@engineer-chat/proof'
import { test } from 'tap'
import { type Environment, onLocalhost, runCommand, startTlsServers } from './tls-servers.ts'

const skip = canCreateCertificates() ? false : 'openssl makes the certificates'

/** Runs a lasting process that ends at its start. */
async function runProcess(entry: string, env: Environment) {
  const started = startProcess(entry, { ...env, PORT: '0' })
  return { status: await started.exited, output: started.log.join('\n') }
}

test('[TLS1] [TLS3] whole processes and commands refuse other servers', { skip, timeout: 115_000 }, async (t) => {
  const { folder, mysql, redis, env, showsSecret } = await startTlsServers(t)
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

  for (const [what, changed, words, code] of [
    ['of another authority', { REDIS_CA_FILE: stranger.caFile }, /not of an authority/, /CERT|SIGNATURE/],
    ['for another host', { REDIS_URL: redis.url }, /for another host/, /ERR_TLS_CERT_ALTNAME_INVALID/],
  ] as const) {
    await t.test(`[TLS2] [TLS3] Redis with a certificate ${what} is refused; doctor and log say why`, async (t) => {
      const wrong = { ...env, ...changed }
      const api = startProcess('apps/worker/src/main.ts', wrong)
      t.teardown(() => api.kill())
      const { status, output } = await runCommand('doctor', wrong)
      t.match({ status, output }, { status: 1, output: words })
      t.match(await waitUntil('it is logged', () => api.log.find((line) => line.includes('redis_lost'))), code)
      t.notOk(showsSecret(output + api.log.join('\n')))
    })
  }

  await t.test('[TLS1] [TLS2] servers without TLS are refused', async (t) => {
    const [plainMysql, plainRedis] = await Promise.all([startMysql({ dataDir: join(folder, 'plain') }), startRedis()])
    t.teardown(() => Promise.all([plainMysql.stop(), plainRedis.stop()]))
    const plain = { ...env, DATABASE_URL: onLocalhost(plainMysql), REDIS_URL: onLocalhost(plainRedis) }
    const [migrate, doctor, dump] = await Promise.all([
      runCommand('migrate', plain),
      runCommand('doctor', plain),
      runCommand('backup', plain, [file]),
    ])
    t.match(migrate, { status: 1, output: /it does not speak TLS at this address/ })
    t.match(doctor, { status: 1, output: /WRONG +MySQL: HANDSHAKE_NO_SSL_SUPPORT: the server is refused/ })
    t.match(doctor.output, /WRONG +Redis: /)
    t.equal(dump.status, 1)
  })
})
