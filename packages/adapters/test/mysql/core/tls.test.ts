import { MysqlUnreachableError, openMysql } from '@engineer-chat/adapters/mysql'
import {
  type Certificate,
  canCreateCertificates,
  createAuthority,
  type Server,
  startMysql,
} from '@engineer-chat/local-stack'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import t, { type Test } from 'tap'

const skip = canCreateCertificates() ? false : 'this test needs openssl'

async function startWithTls(t: Test, hosts: string[]): Promise<{ server: Server; certificate: Certificate }> {
  const authority = await createAuthority()
  const certificate = await authority.issue(hosts)
  const server = await startMysql({ dataDir: t.testdir(), tls: certificate })
  t.teardown(async () => {
    await server.stop()
    authority.remove()
  })
  return { server, certificate }
}

function open(t: Test, url: string, ca: string | undefined, silenceMs?: number) {
  const mysql = openMysql(url, { connectionLimit: 2, tls: { ca }, ...(silenceMs !== undefined && { silenceMs }) })
  t.teardown(() => mysql.close())
  return mysql
}

/**
 * Expects that no connection is opened, by the pool or outside of it, and that the error message names no host and no
 * secret.
 */
async function expectRefusal(t: Test, url: string, ca: string | undefined, expectedMessage: RegExp) {
  const mysql = open(t, url, ca)
  await t.rejects(mysql.pool.query('SELECT 1'))
  const error = await mysql.open().catch((error: unknown) => error)
  if (!(error instanceof MysqlUnreachableError)) return t.fail('the connection was not refused')
  t.match(error.message, expectedMessage)
  for (const part of [new URL(url).password, new URL(url).hostname]) t.notOk(error.message.includes(part))
}

t.test('[TLS1] MySQL over TLS', { skip, timeout: 90_000 }, async (t) => {
  const { server, certificate } = await startWithTls(t, ['localhost', '127.0.0.1'])
  const byName = server.url.replace('127.0.0.1', 'localhost')

  for (const url of [byName, server.url]) {
    t.test(`[TLS1] every connection uses TLS, to ${new URL(url).hostname}`, async (t) => {
      const mysql = open(t, url, certificate.pem)
      const connection = await mysql.open()
      for (const client of [mysql.pool, connection]) {
        const [rows] = await client.query("SHOW SESSION STATUS LIKE 'Ssl_version'")
        t.match(rows, [{ Value: /^TLSv1\.[23]$/ }])
      }
      await connection.end()
    })
  }

  t.test('[TLS1] a server whose authority is not trusted is refused', async (t) => {
    const other = await createAuthority()
    t.teardown(() => other.remove())
    const { pem } = await other.issue(['localhost'])
    await expectRefusal(t, byName, pem, /not of an authority that is trusted here.*DATABASE_CA_FILE/)
    await expectRefusal(t, byName, undefined, /not of an authority that is trusted here/)
  })

  t.test('[TLS5] MySQL’s certificate is verified, whatever Node’s default is', async (t) => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    t.teardown(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    })
    await expectRefusal(t, byName, undefined, /not of an authority that is trusted here/)
  })

  t.test('[TLS1] the server itself accepts nothing in plain text', async (t) => {
    const mysql = openMysql(byName, { connectionLimit: 1 })
    t.teardown(() => mysql.close())
    await t.rejects(mysql.pool.query('SELECT 1'))
  })

  t.test('[TLS1] a silent TLS connection is closed', async (t) => {
    const { pool } = open(t, server.url, certificate.pem, 500)
    await t.rejects(pool.query('SELECT SLEEP(60)'), { code: 'PROTOCOL_CONNECTION_LOST' })
    await pool.query('SELECT 1')
  })

  t.test('[TLS1] when a server dies its TLS connections end, and after its restart new ones are opened', async (t) => {
    const { pool } = open(t, server.url, certificate.pem)
    await pool.query('SELECT 1') // This connection is idle when the server dies.
    const [idle, busy] = [await pool.getConnection(), await pool.getConnection()]
    idle.release()
    const runningQuery = busy.query('SELECT SLEEP(60)')
    await Promise.all([t.rejects(runningQuery), server.kill()])
    busy.destroy()
    await t.rejects(pool.query('SELECT 1'))
    await server.restart()
    await pool.query('SELECT 1')
  })
})

t.test('[TLS1] a certificate for another host is refused, whatever authority signed it', { skip }, async (t) => {
  const { server, certificate } = await startWithTls(t, ['localhost'])
  await expectRefusal(t, server.url, certificate.pem, /its certificate is for another host/)
  const other = await startWithTls(t, ['db.example.org', '127.0.0.2'])
  await expectRefusal(t, other.server.url, other.certificate.pem, /its certificate is for another host/)
  await expectRefusal(t, other.server.url.replace('127.0.0.1', 'localhost'), other.certificate.pem, /for another host/)
})

t.test('[TLS1] a server without TLS is refused', async (t) => {
  await expectRefusal(t, getTestServers().databaseUrl, undefined, /it does not speak TLS at this address/)
})
