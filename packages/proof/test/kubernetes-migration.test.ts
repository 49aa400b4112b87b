import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startMysql } from '@engineer-chat/local-stack'
import { waitUntil } from '@engineer-chat/proof'
import t, { type Test, test } from 'tap'
import { toLimitedAccountUrl } from './tls-servers.ts'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const ROOT = new URL('../../../', import.meta.url)
const MIGRATE = fileURLToPath(new URL('apps/worker/bin/migrate.ts', ROOT))
// The command of the pods runs `node`, which must be the Node.js of this test.
const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
const environment = { PATH, NODE_OPTIONS: process.env.NODE_OPTIONS }

/** Reads the command that the pods of a component run before they start. If it is missing, returns `exit 1`. */
function readWaitCommand(component: string): string {
  const text = readFileSync(new URL(`deploy/kubernetes/base/${component}.yaml`, ROOT), 'utf8')
  return /name: wait-for-migration\n.+\n +command: \[sh, -c, '(.+)'\]\n/.exec(text)?.[1] ?? 'exit 1'
}

/** Describes two folders: `image` stands for an image with the migration program, and `mysql` is for MySQL's data. */
const FOLDERS = { image: { dist: { 'migrate.js': `import(${JSON.stringify(MIGRATE)})` } }, mysql: {} }

function startWaitCommand(t: Test, env: Record<string, string>) {
  const cwd = join(t.testdirName, 'image')
  const child = spawn('sh', ['-c', readWaitCommand('api')], { cwd, env: { ...environment, ...env }, detached: true })
  t.teardown(() => {
    // A negative id names the process group: the shell and the program that it runs.
    if (child.exitCode === null) process.kill(-Number(child.pid), 'SIGKILL')
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  return { lines, exited: once(child, 'exit').then(([code]: unknown[]) => code) }
}

test('[KUBE8] pods wait until the migration has created their account and their tables', async (t) => {
  t.equal(readWaitCommand('worker'), readWaitCommand('api'))
  const mysql = await startMysql({ dataDir: join(t.testdir(FOLDERS), 'mysql') })
  t.teardown(() => mysql.stop())
  const DATABASE_URL = toLimitedAccountUrl(mysql.url)
  const { lines, exited } = startWaitCommand(t, { DATABASE_URL })
  const isRefused = (line: string) => line.startsWith('No connection to MySQL')
  await waitUntil('the command has failed to connect', () => lines.some(isRefused), 120_000)

  const migration = spawnSync(process.execPath, [MIGRATE], {
    env: { ...environment, DATABASE_URL, DATABASE_ADMIN_URL: mysql.url },
    encoding: 'utf8',
  })
  t.match(migration, { status: 0, stdout: /The account of DATABASE_URL may read and change rows\./ })
  t.equal(await exited, 0, lines.join('\n'))
  t.equal(lines.at(-1), 'The database is up to date.')
})

test('[KUBE8] a wrong setting ends the wait immediately', async (t) => {
  t.testdir(FOLDERS)
  const { lines, exited } = startWaitCommand(t, { DATABASE_URL: 'postgres://somewhere' })
  t.equal(await exited, 78, 'the exit code for a wrong setting')
  t.match(lines.join('\n'), /DATABASE_URL is wrong/)
})
