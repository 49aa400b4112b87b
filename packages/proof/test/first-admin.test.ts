import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createEventAs, type Product, startProcess, startProduct, TestUser, waitUntil } from '@engineer-chat/proof'
import { type Test, test } from 'tap'
import { findFreeUrl } from './reverse-proxies.ts'

const PASSWORD = ['tundra', 'kettle', 'orbit', '7'].join('-')
/** Sockets are closed within a second. The additional time is for a slow machine. */
const MAX_CLOSE_MS = 1_500
const USER_PROGRAM = fileURLToPath(new URL('../../../apps/worker/bin/user.ts', import.meta.url))

function createEnvironment(product: Product, overrides: Record<string, string>): Record<string, string> {
  return {
    DATABASE_URL: product.mysql.url,
    REDIS_URL: product.redis.url,
    RATE_LIMIT_ENABLED: 'false',
    JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
    ...overrides,
  }
}

async function startNode(t: Test, product: Product, overrides: Record<string, string>) {
  const url = await findFreeUrl()
  const node = startProcess(
    'apps/api/src/main.ts',
    createEnvironment(product, { ...overrides, PORT: new URL(url).port }),
  )
  t.teardown(() => node.kill())
  const failedStart = node.exited.then((code) => {
    throw new Error(`The node ended with ${code}:\n${node.log.join('\n')}`)
  })
  failedStart.catch(() => {}) // A test may end the process on purpose.
  const isReady = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok
  const waitUntilReady = () => Promise.race([waitUntil('the node is ready', isReady, 60_000), failedStart])
  return { ...node, url, waitUntilReady }
}

async function runUserProgram(product: Product, args: string[], input = ''): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [USER_PROGRAM, ...args], { env: { DATABASE_URL: product.mysql.url } })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output: stdout + stderr }
}

test('[ADMIN4] API nodes that start at the same time create one first administrator', {
  timeout: 180_000,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-admin-'))
  const product = await startProduct({ apis: 0, workers: 0 })
  const mysql = openMysql(product.mysql.url, { connectionLimit: 1 })
  t.teardown(async () => {
    await mysql.close()
    await product.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const passwordFile = join(folder, 'password')
  const adminSettings = { ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE: passwordFile }
  const stores = createMysqlStores(mysql)

  await t.test('[ADMIN5] a password file with a weak password stops the start, and no user is created', async (t) => {
    writeFileSync(passwordFile, 'aaaaaaaaaaaa')
    const node = await startNode(t, product, adminSettings)
    t.equal(await node.exited, 78, 'the exit code for a wrong setting')
    t.match(
      node.log.join('\n'),
      /ADMIN_PASSWORD_FILE names a file whose password is easy to guess; expected .*; example: /,
    )
    t.notMatch(node.log.join('\n'), /aaaaaaaa/)
  })

  writeFileSync(passwordFile, `${PASSWORD}\n`)
  const nodes = await Promise.all([
    startNode(t, product, adminSettings),
    startNode(t, product, { ...adminSettings, ADMIN_USERNAME: 'bob' }),
  ])
  await Promise.all(nodes.map((node) => node.waitUntilReady()))
  const readLogs = () => nodes.map(({ log }) => log.join('\n'))
  const countNodesWithLog = (event: string) => readLogs().filter((log) => log.includes(event)).length
  await waitUntil(
    'both nodes have logged whether they created the administrator',
    () => countNodesWithLog('first_admin_created') + countNodesWithLog('first_admin_exists') === 2,
  )
  t.equal(countNodesWithLog('first_admin_created'), 1)
  t.notMatch(readLogs().join('\n'), PASSWORD)
  const { items } = await stores.users.list({ limit: 10 })
  t.match(items, [{ user_id: 'first-admin', role: 'admin', active: true }])
  t.equal(items.length, 1, 'exactly one')
  const { items: entries } = await stores.audit.list({ limit: 10, action: 'user_created' })
  t.equal(entries.length, 1)
  t.match(entries, [{ actor: 'first-start', object_id: 'first-admin', detail: 'role=admin' }])

  const [{ url }] = nodes
  const admin = await TestUser.signIn(url, items[0]?.username ?? '', PASSWORD)

  await t.test('[ADMIN4] a later migration needs no file and changes nothing', async (t) => {
    rmSync(passwordFile)
    const migration = startProcess('apps/worker/bin/migrate.ts', createEnvironment(product, adminSettings))
    t.equal(await migration.exited, 0)
    t.match(migration.log.join('\n'), 'There are users already')
    t.equal((await stores.users.list({ limit: 10 })).items.length, 1)
  })

  await t.test('[ADMIN3] a password reset and a deactivation close sockets and end sign-ins', async (t) => {
    const event_id = await createEventAs(url, admin)
    t.match(await runUserProgram(product, ['create', 'eve', '--role=engineer', '--password-stdin'], PASSWORD), {
      code: 0,
    })
    for (const args of [
      ['reset-password', 'eve', '--password-stdin'],
      ['deactivate', 'eve'],
    ]) {
      const eve = await TestUser.signIn(url, 'eve', PASSWORD)
      const follower = await eve.follow(url, event_id)
      t.match(await runUserProgram(product, args, PASSWORD), { code: 0 })
      await waitUntil(`${args[0]} closes the socket`, () => follower.closeCode !== undefined, MAX_CLOSE_MS)
      t.equal(follower.closeCode, 4401, 'the close code for an invalid sign-in')
      t.equal((await eve.call(url, 'GET', '/api/auth/me')).status, 401)
    }
    await t.rejects(TestUser.signIn(url, 'eve', PASSWORD), /401/)
  })
})
