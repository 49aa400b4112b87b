import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMysql, startRedis } from '@engineer-chat/local-stack'
import { buildImage, createEventAs, startProcess, TestUser, waitUntil } from '@engineer-chat/proof'
import t, { test } from 'tap'
import { findFreeUrl } from './reverse-proxies.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const COMPOSE = readFileSync(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8')
const [API_URL, WORKER_URL] = [await findFreeUrl(), await findFreeUrl()]

/** Lists the files of a folder and its subfolders, each with the time of its last change. */
function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(folder, file)).isFile())
    .map((file) => `${file} ${statSync(join(folder, file)).mtimeMs}`)
    .sort()
}

test('[DEPLOY6] [DEPLOY8] [ADMIN6] the steps of the Dockerfile in a clean folder give a complete product without other files', {
  timeout: 230_000,
}, async (t) => {
  // The folder is not in the repository, because Node would find the repository's packages from there.
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-image-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  // The packages are linked, because their installation takes a minute. bin/image.ts installs them.
  const image = buildImage({ targetFolder: folder, linkPackages: true })
  const toPath = (...parts: string[]) => join(image.workdirFolder, ...parts)
  const expectedNames = ['apps', 'dist', 'drizzle', 'node_modules', 'package.json', 'sbom.cdx.json']
  t.same(readdirSync(image.workdirFolder).sort(), expectedNames)
  t.same(readdirSync(toPath('node_modules')), ['@bull-board'], 'no package that only the build needs')
  t.same(readdirSync(toPath('apps')), ['warroom'])
  t.match(image, { user: 'node', env: { NODE_ENV: 'production', HOST: '0.0.0.0' }, entrypoint: ['node'] })
  const commands = [...COMPOSE.matchAll(/^ +command: \[(\S+\.[jt]s)\]$/gm)].map(([, command = '']) => command)
  t.equal(commands.length, 3, 'migrate, api and worker')
  for (const command of [...commands, ...image.command]) t.ok(existsSync(toPath(command)), command)
  const filesBefore = listFiles(image.workdirFolder)

  const [mysql, redis] = await Promise.all([
    startMysql({ dataDir: join(folder, 'mysql') }),
    startRedis({ dataDir: join(folder, 'redis') }),
  ])
  t.teardown(() => Promise.all([mysql.stop(), redis.stop()]))
  const env = {
    ...image.env,
    DATABASE_URL: mysql.url,
    REDIS_URL: redis.url,
    JWT_SECRET_KEY: 'x7Qm2vL9pRt4wZs8nKc3bHy6dFg1jAe5',
  }
  const runProgram = (file: string, args: string[] = []) =>
    spawnSync(process.execPath, [toPath('dist', file), ...args], { cwd: image.workdirFolder, env, encoding: 'utf8' })
  t.match(runProgram('user.js', ['list']), { status: 1, stderr: /isn't migrated/ }, '[ADMIN6] on an empty database')
  t.match(runProgram('migrate.js'), { status: 0, stdout: /The database is up to date/ })
  t.match(runProgram('user.js', ['list']), { status: 0, stdout: /^There is no user yet/ })
  const created = runProgram('user.js', ['create', 'admin', '--role=admin', '--generate-password'])
  t.match(created, { status: 0, stdout: /^admin \(admin\) is created/ }, '[ADMIN6] the administrator is created')
  const password = /shown only now: (\S+)/.exec(created.stdout)?.[1] ?? ''
  const api = startProcess(toPath('dist/api.js'), { ...env, PORT: new URL(API_URL).port })
  const worker = startProcess(toPath('dist/worker.js'), { ...env, WORKER_PORT: new URL(WORKER_URL).port })
  t.teardown(() => Promise.all([api.kill(), worker.kill()]))
  for (const base of [API_URL, WORKER_URL])
    await waitUntil(`${base} is ready`, async () => (await fetch(`${base}/readyz`).catch(() => undefined))?.ok)

  const admin = await TestUser.signIn(API_URL, 'admin', password)
  const sendResponse = await admin.ask(API_URL, await createEventAs(API_URL, admin), 'What should we contain first?')
  t.match(await admin.waitForReply(API_URL, sendResponse.body), { message_type: 'chat' }, 'a question is answered')
  const headers = { authorization: `Bearer ${admin.token}` }
  for (const page of ['/', '/docs/', '/docs/js/scalar.js', '/openapi.json', '/metrics', '/admin/queues'])
    t.equal((await fetch(API_URL + page, { headers })).status, 200, page)
  const board = await (await fetch(`${API_URL}/admin/queues`, { headers })).text()
  const script = /src="([^"]+\.js)"/.exec(board)?.[1] ?? ''
  t.equal((await fetch(new URL(script, `${API_URL}/admin/queues/`), { headers })).status, 200, script)
  t.match(runProgram('doctor.js').stdout, /ok +Migrations: all applied/)
  t.same(image.systemPackages, ['mariadb-client'], '[DEPLOY8] the programs of backup and restore')
  t.match(
    runProgram('backup.js', [join(folder, 'dump.sql.gz')]),
    { status: 0, stderr: /^Written: / },
    '[DEPLOY8] a backup',
  )
  t.match(runProgram('restore.js', ['--help']), { status: 0, stdout: /In an image: node dist\/restore\.js FILE/ })
  t.match(runProgram('dead-letters.js'), { status: 0, stdout: /^0 failed replies/ })

  await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')])
  t.same([await api.exited, await worker.exited], [0, 0])
  t.same(listFiles(image.workdirFolder), filesBefore, 'the processes have changed no file of the image')
})
