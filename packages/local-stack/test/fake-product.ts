import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { findFreePort } from '../src/processes/find-free-port.ts'

/** Says what it does in a journal, serves `/readyz`, and takes a moment to stop. */
const APP = `
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
const { PORT, WORKER_PORT, JOURNAL, BROKEN, EXIT_CODE = '3', JWT_SECRET_KEY, NEVER_READY } = process.env
const name = WORKER_PORT ? 'worker' : 'api'
const journal = (what) => appendFileSync(JOURNAL, name + ' ' + what + '\\n')
if (BROKEN === name) {
  console.error('it is broken')
  process.exit(Number(EXIT_CODE))
}
console.log(JSON.stringify({ level: 'info', event: 'EngineerChat.quiet' }))
console.log(JSON.stringify({ level: 'warn', time: 'now', event: 'EngineerChat.loud', code: 'a_code' }))
const server = createServer((request, response) => {
  if (NEVER_READY === name) response.writeHead(503).end('{"mysql":"down"}')
  else response.end(JWT_SECRET_KEY)
})
server.listen(WORKER_PORT ?? PORT, '127.0.0.1', () => journal('started'))
process.on('SIGTERM', () => setTimeout(() => { journal('stopped'); process.exit(0) }, 100))
`

const SEED = `
import { appendFileSync } from 'node:fs'
let text = ''
for await (const chunk of process.stdin) text += chunk
const { users, demo } = JSON.parse(text)
appendFileSync(process.env.JOURNAL, 'seed ' + users.map((user) => user.username) + '\\n')
if (process.env.BROKEN === 'seed') {
  console.error('no database there')
  process.exit(1)
}
console.log(JSON.stringify({ demo_event_id: demo ? 'demo-event' : null, others: [] }))
`

// What bin/start.ts does, with scripts of ours.
const START = `
import { parseFlags } from ${createSource('start/flags.ts')}
import { runProduct } from ${createSource('start/product.ts')}
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort())
const scripts = JSON.parse(process.env.SCRIPTS)
try {
  const flags = parseFlags(process.argv.slice(1), process.env)
  const { READY_TIMEOUT_MS } = process.env
  const times = READY_TIMEOUT_MS ? { readyTimeoutMs: Number(READY_TIMEOUT_MS) } : {}
  await runProduct({ flags, scripts, env: process.env, print: console.log, signal: stopping.signal, ...times })
} catch (error) {
  console.error(error.name === 'StartError' ? error.message : error)
  process.exitCode = error.exitCode ?? 70
}
`

export interface Started {
  child: ChildProcess
  /** Returns everything that it has printed so far. */
  output(): string
  prints(what: RegExp): Promise<string>
  exited: Promise<number | null>
}

export interface RunJson {
  started_at: string
  services: Array<{ name: string; role: string; pid: number; url?: string }>
  logins: Array<{ username: string; password: string; role: string }>
  demo_event_id: string | null
}

/** A folder in which fake products are started: on servers that nobody needs, so that a start takes no time. */
export async function createFakeProduct(
  t: Test,
  env: Record<string, string> = {},
  { nodeOptions = [] }: { nodeOptions?: string[] } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-start-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const scripts = { api: join(folder, 'api.mjs'), worker: join(folder, 'worker.mjs'), seed: join(folder, 'seed.mjs') }
  for (const [path, text] of [
    [scripts.api, APP],
    [scripts.worker, APP],
    [scripts.seed, SEED],
  ] as const)
    writeFileSync(path, text)
  const data = join(folder, 'data')
  const journal = join(folder, 'journal')
  const port = await findFreePort()
  const servers = { DATABASE_URL: 'mysql://nobody/needs', REDIS_URL: 'redis://nobody' }
  const all = {
    ...process.env,
    ...servers,
    JOURNAL: journal,
    SCRIPTS: JSON.stringify({ ...scripts, nodeOptions }),
    ...env,
  }

  const start = (...args: string[]): Started => {
    const given = [`--data=${data}`, `--port=${port}`, ...args]
    const child = spawn(process.execPath, ['--input-type=module', '-e', START, '--', ...given], {
      env: all,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    return watch(child)
  }
  return {
    folder,
    data,
    port,
    start,
    journal: () => readFileSync(journal, 'utf8').trim().split('\n'),
    runJson: () => JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as RunJson,
  }
}

export function watch(child: ChildProcess): Started {
  let output = ''
  let look = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`
      look()
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const prints = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      look = () => what.test(output) && resolve(output)
      look()
      void exited.then(() => reject(new Error(`It ended without ${what}:\n${output}`)))
    })
  return { child, output: () => output, prints, exited }
}

/** Polls, because files and processes announce no change. */
export async function waitUntil<T>(what: string, look: () => T | undefined | false): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(20)) {
    const found = look()
    if (found) return found
  }
  throw new Error(`Waited too long until ${what}.`)
}

/** Orphans that nobody reaps stay as zombies: they are gone too. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function createSource(path: string): string {
  return JSON.stringify(join(import.meta.dirname, '../src', path))
}
