import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openMysql } from '@engineer-chat/adapters/mysql'
import { type Fixture, startFixture, startProcess, waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import t, { type Test, test } from 'tap'
import { findFreeUrl } from './reverse-proxies.ts'

t.setTimeout(240_000) // Each node and command is a process of its own.

const DOCTOR = fileURLToPath(new URL('../../../apps/worker/bin/doctor.ts', import.meta.url))
const INSTALLATION = 'ec:installation'

interface Attacked {
  fixture: Fixture
  attacker: Redis
  base: string
}

/** Creates the empty database of another installation on the same server. */
async function createDatabase(serverUrl: string): Promise<string> {
  const mysql = openMysql(serverUrl, { connectionLimit: 1 })
  await mysql.pool.query('CREATE DATABASE stranger')
  await mysql.close()
  const url = new URL(serverUrl)
  url.pathname = '/stranger'
  return url.href
}

async function startStrangers(t: Test, { fixture }: Attacked): Promise<void> {
  const { product } = fixture
  const stranger = await createDatabase(product.mysql.url)
  const env = {
    ...{ DATABASE_URL: stranger, REDIS_URL: product.redis.url },
    JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
  }
  const words = /belongs to another installation.*REDIS_NAMESPACE.*redis-cli DEL ec:installation/
  for (const [entry, port] of [
    ['apps/api/src/main.ts', 'PORT'],
    ['apps/worker/src/main.ts', 'WORKER_PORT'],
  ] as const) {
    const node = startProcess(entry, { ...env, [port]: new URL(await findFreeUrl()).port })
    t.equal(await node.exited, 78, entry)
    t.match(node.log.join('\n'), words)
  }
  const { PATH = '', NODE_OPTIONS = '' } = process.env
  const runDoctor = (DATABASE_URL: string) =>
    promisify(execFile)(process.execPath, [DOCTOR], { env: { ...env, PATH, NODE_OPTIONS, DATABASE_URL } }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    )
  t.match(await runDoctor(stranger), /WRONG +Redis installation: this Redis belongs to another installation/)
  t.match(await runDoctor(product.mysql.url), /ok +Redis installation: this one/)
}

async function stealRedis(t: Test, { fixture, attacker, base }: Attacked): Promise<void> {
  const { product, alice, event_id } = fixture
  const isRedis = (state: string) => async () => {
    const answer = await fetch(`${base}/readyz`)
    const { redis }: { redis: string } = JSON.parse(await answer.text())
    return answer.status === 200 && redis === state
  }
  await attacker.flushall()
  await attacker.set(INSTALLATION, randomUUID())
  await waitUntil('Redis counts as away', isRedis('down'))
  const isLogged = () => product.apis.some(({ log }) => log.some((line) => line.includes('EngineerChat.redis_foreign')))
  await waitUntil('the log says why', isLogged)
  const sent = await alice.ask(base, event_id, 'Is anybody there?')
  t.equal(sent.status, 200, 'a question is accepted')
  await attacker.del(INSTALLATION)
  await waitUntil('Redis is ours again', isRedis('ready'))
  t.match(await alice.waitForReply(base, sent.body), { message_type: 'chat' })
}

test('two installations on one Redis', { timeout: 230_000 }, async (t) => {
  const fixture = await startFixture()
  t.teardown(() => fixture.stop())
  const attacker = new Redis(fixture.product.redis.url)
  t.teardown(() => attacker.disconnect())
  const attacked = { fixture, attacker, base: fixture.getApiUrl(0) }
  await t.test('[INSTALL2] a Redis that another installation claimed counts as away until that is undone', (t) =>
    stealRedis(t, attacked),
  )
  await t.test('[INSTALL1] another installation does not start here; [DOCTOR3] the doctor says why', (t) =>
    startStrangers(t, attacked),
  )
})
