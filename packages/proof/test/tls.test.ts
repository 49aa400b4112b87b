import { createMysqlStores, migrate } from '@engineer-chat/adapters/mysql'
import { createArgon2Passwords, createFirstAdmin } from '@engineer-chat/chat/people'
import { canCreateCertificates } from '@engineer-chat/local-stack'
import { createEventAs, startProcess, TestUser, waitUntil } from '@engineer-chat/proof'
import t, { type Test, test } from 'tap'
import { findFreeUrl } from './reverse-proxies.ts'
import {
  type Environment,
  LIMITED_PASSWORD,
  openAsAdmin,
  runCommand,
  startTlsServers,
  toLimitedAccountUrl,
} from './tls-servers.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const skip = canCreateCertificates() ? false : 'openssl, which creates the certificates, is not installed'
const PASSWORD = ['tundra', 'kettle', 'orbit', '7'].join('-')

/** Starts an API node and a worker, and proves that they answer a question and stop without an error. */
async function proveProcessesAnswer(t: Test, env: Environment, username: string, password: string) {
  const [apiUrl, workerUrl] = [await findFreeUrl(), await findFreeUrl()]
  const apiProcess = startProcess('apps/api/src/main.ts', { ...env, PORT: new URL(apiUrl).port })
  const workerProcess = startProcess('apps/worker/src/main.ts', { ...env, WORKER_PORT: new URL(workerUrl).port })
  t.teardown(() => Promise.all([apiProcess.kill(), workerProcess.kill()]))
  for (const [base, { log }] of [
    [apiUrl, apiProcess],
    [workerUrl, workerProcess],
  ] as const) {
    const isReady = async () => (await fetch(`${base}/readyz`).catch(() => undefined))?.ok
    await waitUntil(`${base} is ready`, isReady, 60_000).catch(() => t.fail(log.join('\n')))
  }
  const user = await TestUser.signIn(apiUrl, username, password)
  const sendResponse = await user.ask(apiUrl, await createEventAs(apiUrl, user), '@AI what should we contain first?')
  t.match(await user.waitForReply(apiUrl, sendResponse.body), { message_type: 'chat' }, 'a question is answered')
  const ready = await (await fetch(`${apiUrl}/readyz`)).json()
  t.match(ready, { status: 'ok', redis: 'ready' })
  await Promise.all([apiProcess.kill('SIGTERM'), workerProcess.kill('SIGTERM')])
  t.same([await apiProcess.exited, await workerProcess.exited], [0, 0])
}

test('[TLS1] [TLS2] [ACCOUNT3] an existing installation continues over TLS with an account of few rights', {
  skip,
}, async (t) => {
  const servers = await startTlsServers(t)
  const { env } = servers
  const admin = await openAsAdmin(t, servers)
  await migrate(admin) // An older version migrated with its only account, which has all rights.
  const firstAdmin = { username: 'ada', readPassword: async () => PASSWORD }
  await createFirstAdmin({ ...createMysqlStores(admin), passwords: createArgon2Passwords() }, firstAdmin)

  const limitedEnv = { ...env, DATABASE_URL: toLimitedAccountUrl(env.DATABASE_URL) }
  const migrated = await runCommand('migrate', { ...limitedEnv, DATABASE_ADMIN_URL: env.DATABASE_URL })
  t.match(migrated, { status: 0, output: /The account of DATABASE_URL may read and change rows/ })
  t.notMatch(migrated.output, LIMITED_PASSWORD)
  await proveProcessesAnswer(t, limitedEnv, 'ada', PASSWORD)
})
