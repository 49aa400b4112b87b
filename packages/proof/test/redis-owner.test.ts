import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openMysql } from '@engineer-chat/adapters/mysql'
import { findFreePort } from '@engineer-chat/local-stack'
import { type Fixture, startFixture, startProcess, waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import t, { type Test, test } from 'tap'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const DOCTOR = fileURLToPath(new URL('../../../apps/worker/bin/doctor.ts', import.meta.url))
const INSTALLATION_KEY = 'ec:installation'

interface SharedRedis {
  fixture: Fixture
  redis: Redis
  baseUrl: string
}

/** Creates the empty database of another installation on the same server, and returns its URL. */
async function createDatabase(serverUrl: string): Promise<string> {
  const mysql = openMysql(serverUrl, { connectionLimit: 1 })
  await mysql.pool.query('CREATE DATABASE other_installation')
  await mysql.close()
  const url = new URL(serverUrl)
  url.pathname = '/other_installation'
  return url.href
}

async function proveOtherInstallation(t: Test, { fixture }: SharedRedis): Promise<void> {
  const { product } = fixture
  const otherDatabaseUrl = await createDatabase(product.mysql.url)
  const env = {
    DATABASE_URL: otherDatabaseUrl,
    REDIS_URL: product.redis.url,
    JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
  }
  const expectedText = /belongs to another installation.*REDIS_NAMESPACE.*redis-cli DEL ec:installation/
  for (const [entry, portVariable] of [
    ['apps/api/src/main.ts', 'PORT'],
    ['apps/worker/src/main.ts', 'WORKER_PORT'],
  ] as const) {
    const started = startProcess(entry, { ...env, [portVariable]: String(await findFreePort()) })
    t.equal(await started.exited, 78, `${entry} ends with the exit code for a wrong setting`)
    t.match(started.log.join('\n'), expectedText)
  }
  const { PATH = '', NODE_OPTIONS = '' } = process.env
  /** Returns the output of the doctor, also if the doctor ends with an error. */
  const runDoctor = (DATABASE_URL: string) =>
    promisify(execFile)(process.execPath, [DOCTOR], { env: { ...env, PATH, NODE_OPTIONS, DATABASE_URL } }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    )
  t.match(await runDoctor(otherDatabaseUrl), /WRONG +Redis installation: this Redis belongs to another installation/)
  t.match(await runDoctor(product.mysql.url), /ok +Redis installation: the same as in the database/)
}

async function proveForeignInstallationId(t: Test, { fixture, redis, baseUrl }: SharedRedis): Promise<void> {
  const { product, alice, event_id } = fixture
  const hasRedisState = (state: string) => async () => {
    const response = await fetch(`${baseUrl}/readyz`)
    const report: { redis: string } = JSON.parse(await response.text())
    return response.status === 200 && report.redis === state
  }
  await redis.flushall()
  await redis.set(INSTALLATION_KEY, randomUUID())
  await waitUntil('Redis counts as down', hasRedisState('down'))
  const isLogged = () => product.apis.some(({ log }) => log.some((line) => line.includes('EngineerChat.redis_foreign')))
  await waitUntil('a node has logged that Redis belongs to another installation', isLogged)
  const sendResponse = await alice.ask(baseUrl, event_id, 'Is anybody there?')
  t.equal(sendResponse.status, 200, 'a question is accepted')
  await redis.del(INSTALLATION_KEY)
  await waitUntil('Redis is ready again', hasRedisState('ready'))
  t.match(await alice.waitForReply(baseUrl, sendResponse.body), { message_type: 'chat' })
}

test('two installations on one Redis', { timeout: 230_000 }, async (t) => {
  const fixture = await startFixture()
  t.teardown(() => fixture.stop())
  const redis = new Redis(fixture.product.redis.url)
  t.teardown(() => redis.disconnect())
  const sharedRedis = { fixture, redis, baseUrl: fixture.getApiUrl(0) }
  await t.test(
    '[INSTALL2] a Redis that holds the id of another installation counts as down until that id is removed',
    (t) => proveForeignInstallationId(t, sharedRedis),
  )
  await t.test('[INSTALL1] another installation does not start with this Redis; [DOCTOR3] the doctor says why', (t) =>
    proveOtherInstallation(t, sharedRedis),
  )
})
