import { randomBytes } from 'node:crypto'
import { createMysqlStores, createWriteProbe, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection } from 'mysql2/promise'
import t from 'tap'
import { createHarness } from '../harness.ts'
import { callRoutesOfIncident } from '../http/call-routes.ts'

const serverUrl = getTestServers().databaseUrl

t.test(
  '[HTTP1] [HTTP10] the routes that people and agents use in an incident, and `/readyz`, work with MySQL',
  async (t) => {
    const databaseName = `ec_test_${randomBytes(6).toString('hex')}`
    const admin = await createConnection(serverUrl)
    await admin.query(`CREATE DATABASE ${databaseName}`)
    const url = new URL(serverUrl)
    url.pathname = `/${databaseName}`
    const mysql = openMysql(url.href, { connectionLimit: 5 })
    t.teardown(async () => {
      await admin.query(`DROP DATABASE ${databaseName}`)
      await admin.end()
    })
    await migrate(mysql)
    const silentLog = { info: () => {}, warn: () => {}, error: () => {} }
    const probeMysql = createWriteProbe(mysql, silentLog)
    const harness = await createHarness({
      stores: createMysqlStores(mysql),
      deps: { health: { probeMysql, getRedisStatus: () => 'ready' } },
    })
    await callRoutesOfIncident(t, harness)
    t.same(
      harness.log.filter(({ level }) => level === 'error'),
      [],
    )
    t.equal((await harness.app.inject('/readyz')).statusCode, 200)
    await harness.close()
    await mysql.close()
    await t.rejects(createWriteProbe(mysql, silentLog)(), 'without MySQL, the probe that `/readyz` uses fails')
  },
)
