import { randomBytes } from 'node:crypto'
import { createMysqlStores, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import type { Test } from 'tap'

/** Opens the stores of a new database on the server of the tests. The database is dropped when the test has ended. */
export async function openMysqlStores(t: Test) {
  const { databaseUrl } = getTestServers()
  const name = `ec_proof_${randomBytes(6).toString('hex')}`
  const server = openMysql(databaseUrl, { connectionLimit: 1 })
  await server.pool.query(`CREATE DATABASE ${name}`)
  const url = new URL(databaseUrl)
  url.pathname = `/${name}`
  const mysql = openMysql(url.href, { connectionLimit: 4 })
  t.teardown(async () => {
    await mysql.close()
    await server.pool.query(`DROP DATABASE ${name}`)
    await server.close()
  })
  await migrate(mysql)
  return createMysqlStores(mysql)
}
