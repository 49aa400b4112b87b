import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { openEvent, Person, type Product, startProcess, startProduct, waitUntil } from '@engineer-chat/proof'
import { type Test, test } from 'tap'
import { findFreeUrl } from './front.ts'

const PASSWORD = ['tundra', 'kettle', 'orbit', '7'].join('-')
const USER = fileURLToPath(new URL('../../../apps/worker/bin/user.ts', import.meta.url))

function createEnvironment(product: Product, more: Record<string, string>): Record<string, string> {
  return {
    ...{ DATABASE_URL: product.mysql.url, REDIS_URL: product.redis.url, RATE_LIMIT_ENABLED: 'false' },
    ...{ JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop', ...more },
  }
}

async function startNode(t: Test, product: Product, more: Record<string, string>) {
  const url = await findFreeUrl()
  const node = startProcess('apps/api/src/main.ts', createEnvironment(product, { ...more, PORT: new URL(url).port }))
  t.teardown(() => node.kill())
  const ended = node.exited.then((code) => {
    throw new Error(`ended with ${code}:\n${node.log.join('\n')}`)
  })
  ended.catch(() => {}) // A test may end the process on purpose.
  const serves = async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok
  return { ...node, url, isReady: () => Promise.race([waitUntil('it serves', serves, 60_000), ended]) }
}

async function command(product: Product, args: string[], input = ''): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [USER, ...args], { env: { DATABASE_URL: product.mysql.url } })
  child.stdin.end(input)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code, output: out + err }
}

test('[ADMIN4] API nodes that start at once create one first administrator', { timeout: 180_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-admin-'))
  const product = await startProduct({ apis: 0, workers: 0 })
  const mysql = openMysql(product.mysql.url, { connectionLimit: 1 })
  t.teardown(async () => {
    await mysql.close()
    await product.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const file = join(folder, 'password')
  const named = { ADMIN_USERNAME: 'ada', ADMIN_PASSWORD_FILE: file }
  const stores = createMysqlStores(mysql)

  await t.test('[ADMIN5] a wrong password file stops the start, and nobody is created', async (t) => {
    writeFileSync(file, 'aaaaaaaaaaaa')
    const node = await startNode(t, product, named)
    t.equal(await node.exited, 78)
    t.match(
      node.log.join('\n'),
      /ADMIN_PASSWORD_FILE names a file whose password is easy to guess; expected .*; example: /,
    )
    t.notMatch(node.log.join('\n'), /aaaaaaaa/)
  })

  writeFileSync(file, `${PASSWORD}\n`)
  const nodes = await Promise.all([
    startNode(t, product, named),
    startNode(t, product, { ...named, ADMIN_USERNAME: 'bob' }),
  ])
  await Promise.all(nodes.map((node) => node.isReady()))
  const logs = () => nodes.map(({ log }) => log.join('\n'))
  const countLogsWith = (event: string) => logs().filter((log) => log.includes(event)).length
  await waitUntil(
    'all have logged it',
    () => countLogsWith('first_admin_created') + countLogsWith('first_admin_exists') === 2,
  )
  t.equal(countLogsWith('first_admin_created'), 1)
  t.notMatch(logs().join('\n'), PASSWORD)
  const { items } = await stores.users.list({ limit: 10 })
  t.match(items, [{ user_id: 'first-admin', role: 'admin', active: true }])
  t.equal(items.length, 1, 'exactly one')
  t.match((await stores.audit.list({ limit: 10, action: 'user_created' })).items, [
    { actor: 'first-start', object_id: 'first-admin', detail: 'role=admin' },
  ])

  const [{ url }] = nodes
  const name = items[0]?.username ?? ''
  const admin = await Person.signIn(url, name, PASSWORD)

  await t.test('[ADMIN4] a later start needs no file and changes nothing', async (t) => {
    rmSync(file)
    const later = startProcess('apps/worker/bin/migrate.ts', createEnvironment(product, named))
    t.equal(await later.exited, 0)
    t.match(later.log.join('\n'), 'There are users already')
    t.equal((await stores.users.list({ limit: 10 })).items.length, 1)
  })

  await t.test('[ADMIN3] a reset and a deactivation close sockets and end sign-ins', async (t) => {
    const event_id = await openEvent(url, admin)
    t.match(await command(product, ['create', 'eve', '--role=engineer', '--password-stdin'], PASSWORD), { code: 0 })
    for (const args of [
      ['reset-password', 'eve', '--password-stdin'],
      ['deactivate', 'eve'],
    ]) {
      const eve = await Person.signIn(url, 'eve', PASSWORD)
      const follower = await eve.follow(url, event_id)
      t.match(await command(product, args, PASSWORD), { code: 0 })
      await waitUntil(`${args[0]} closes the socket`, () => follower.closeCode !== undefined, 1_500)
      t.equal(follower.closeCode, 4401)
      t.equal((await eve.call(url, 'GET', '/api/auth/me')).status, 401)
    }
    await t.rejects(Person.signIn(url, 'eve', PASSWORD), /401/)
  })
})
