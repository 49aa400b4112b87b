import { createMysqlStores, migrate } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords, createFirstAdmin } from '@engineer-chat/chat/people'
import { canCreateCertificates } from '@engineer-chat/local-stack'
import { openEvent, startProcess, TestUser, waitUntil } from '@engineer-chat/proof'
import t, { type Test, test } from 'tap'
import { findFreeUrl } from './reverse-proxies.ts'
import {
  type Environment,
  OWN_PASSWORD,
  openAsAdmin,
  runCommand,
  startTlsServers,
  toOwnAccountUrl,
} from './tls-servers.ts'

t.setTimeout(240_000) // Each node and command is a process of its own.

const skip = canCreateCertificates() ? false : 'openssl makes the certificates'
const PASSWORD = ['tundra', 'kettle', 'orbit', '7'].join('-')

/** Starts an API node and a worker, asks a question and waits for its answer. */
async function askByProcesses(t: Test, env: Environment, username: string, password: string) {
  const [api, worker] = [await findFreeUrl(), await findFreeUrl()]
  const node = startProcess('apps/api/src/main.ts', { ...env, PORT: new URL(api).port })
  const replier = startProcess('apps/worker/src/main.ts', { ...env, WORKER_PORT: new URL(worker).port })
  t.teardown(() => Promise.all([node.kill(), replier.kill()]))
  for (const [base, { log }] of [
    [api, node],
    [worker, replier],
  ] as const) {
    const isReady = async () => (await fetch(`${base}/readyz`).catch(() => undefined))?.ok
    await waitUntil('it is ready', isReady, 60_000).catch(() => t.fail(log.join('\n')))
  }
  const person = await TestUser.signIn(api, username, password)
  const asked = await person.ask(api, await openEvent(api, person), '@AI what should we contain first?')
  t.match(await person.waitForReply(api, asked.body), { message_type: 'chat' }, 'a question is answered')
  const ready = await (await fetch(`${api}/readyz`)).json()
  t.match(ready, { status: 'ok', redis: 'ready' })
  await Promise.all([node.kill('SIGTERM'), replier.kill('SIGTERM')])
  t.same([await node.exited, await replier.exited], [0, 0])
}

test('[TLS1] [TLS2] [ACCOUNT3] an installation goes on by an account with few rights, by TLS', { skip }, async (t) => {
  const servers = await startTlsServers(t)
  const { env } = servers
  const admin = await openAsAdmin(t, servers)
  await migrate(admin) // A version of before did this by the account that it ran by.
  const first = { username: 'ada', readPassword: async () => PASSWORD }
  await createFirstAdmin({ ...createMysqlStores(admin), passwords: createArgon2Passwords() }, first)

  const own = { ...env, DATABASE_URL: toOwnAccountUrl(env.DATABASE_URL) }
  const migrated = await runCommand('migrate', { ...own, DATABASE_ADMIN_URL: env.DATABASE_URL })
  t.match(migrated, { status: 0, output: /The account of DATABASE_URL may read and change rows/ })
  t.notMatch(migrated.output, OWN_PASSWORD)
  await askByProcesses(t, own, 'ada', PASSWORD)
})
