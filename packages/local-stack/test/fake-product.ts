import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { findFreePort } from '../src/processes/find-free-port.ts'

/**
 * This script runs as API node or worker. It writes to a journal, and takes 100 ms to stop. It answers each request,
 * also `/readyz`, with its secret, so that a test can compare secrets. With CHECKS_SERVERS_AT_STOP, it writes at its
 * stop whether it reaches MySQL and Redis. IGNORES_SIGTERM names the one that ends only by SIGKILL.
 */
const APP = `
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
const { PORT, WORKER_PORT, JOURNAL, BROKEN, EXIT_CODE = '3', JWT_SECRET_KEY, NEVER_READY } = process.env
const { DATABASE_URL, REDIS_URL, CHECKS_SERVERS_AT_STOP, IGNORES_SIGTERM } = process.env
const name = WORKER_PORT ? 'worker' : 'api'
const journal = (action) => appendFileSync(JOURNAL, name + ' ' + action + '\\n')
if (BROKEN === name) {
  console.error('it is broken')
  process.exit(Number(EXIT_CODE))
}
console.log(JSON.stringify({ level: 'info', event: 'EngineerChat.quiet', pid: process.pid }))
console.log(JSON.stringify({ level: 'warn', time: 'now', event: 'EngineerChat.loud', code: 'a_code' }))
const server = createServer((request, response) => {
  if (NEVER_READY === name) response.writeHead(503).end('{"mysql":"down"}')
  else response.end(JWT_SECRET_KEY)
})
server.listen(WORKER_PORT ?? PORT, '127.0.0.1', () => journal('started'))
const isReachable = (url) => new Promise((resolve) => {
  const { hostname, port } = new URL(url)
  connect(port, hostname, () => resolve(true)).on('error', () => resolve(false))
})
process.on('SIGTERM', () => IGNORES_SIGTERM !== name && setTimeout(async () => {
  if (!CHECKS_SERVERS_AT_STOP) journal('stopped')
  else {
    const reaches = ['mysql: ' + await isReachable(DATABASE_URL), 'redis: ' + await isReachable(REDIS_URL)]
    journal('stopped, reaches ' + reaches.join(', reaches '))
  }
  process.exit(0)
}, 100))
`

/** This script runs as seed. It writes the users' names to the journal. */
const SEED = `
import { appendFileSync } from 'node:fs'
let text = ''
for await (const chunk of process.stdin) text += chunk
const { users, demo } = JSON.parse(text)
appendFileSync(process.env.JOURNAL, 'seed ' + users.map((user) => user.username) + '\\n')
if (process.env.HANGS === 'seed') {
  appendFileSync(process.env.JOURNAL, 'seed hangs ' + process.pid + '\\n')
  setInterval(() => {}, 1_000)
  await new Promise(() => {})
}
if (process.env.BROKEN === 'seed') {
  console.error('no database there')
  process.exit(1)
}
console.log(JSON.stringify({ demo_event_id: demo ? 'demo-event' : null, others: [] }))
`

// This script does the same as bin/start.ts, but it runs the scripts above as API node, worker and seed.
const START = `
import { parseFlags } from ${toImportSpecifier('start/flags.ts')}
import { runProduct } from ${toImportSpecifier('start/product.ts')}
const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort())
const scripts = JSON.parse(process.env.SCRIPTS)
try {
  const flags = parseFlags(process.argv.slice(1), process.env)
  const { READY_TIMEOUT_MS } = process.env
  const timeouts = READY_TIMEOUT_MS ? { readyTimeoutMs: Number(READY_TIMEOUT_MS) } : {}
  await runProduct({ flags, scripts, env: process.env, print: console.log, signal: stopping.signal, ...timeouts })
} catch (error) {
  console.error(error.name === 'StartError' ? error.message : error)
  process.exitCode = error.exitCode ?? 70
}
`

export interface StartedProduct {
  child: ChildProcess
  /** Returns all output so far. */
  getOutput(): string
  /** Resolves to all output once it matches. */
  waitForOutput(pattern: RegExp): Promise<string>
  exited: Promise<number | null>
}

export interface RunFile {
  started_at: string
  services: Array<{ name: string; role: string; pid: number; url?: string }>
  logins: Array<{ username: string; password: string; role: string }>
  demo_event_id: string | null
}

/** Creates a folder in which fake products are started. They need no MySQL and no Redis, so that a start is fast. */
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
  const servers = { DATABASE_URL: 'mysql://unused/unused', REDIS_URL: 'redis://unused' }
  const childEnv = {
    ...process.env,
    ...servers,
    JOURNAL: journal,
    SCRIPTS: JSON.stringify({ ...scripts, nodeOptions }),
    ...env,
  }

  const start = (...args: string[]): StartedProduct => {
    const allArgs = [`--data=${data}`, `--port=${port}`, ...args]
    const child = spawn(process.execPath, ['--input-type=module', '-e', START, '--', ...allArgs], {
      env: childEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    t.teardown(() => child.kill('SIGKILL'))
    return watchOutput(child)
  }
  return {
    folder,
    data,
    journal,
    port,
    start,
    readJournal: () => readFileSync(journal, 'utf8').trim().split('\n'),
    readRunFile: () => JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as RunFile,
  }
}

export function watchOutput(child: ChildProcess): StartedProduct {
  let output = ''
  let checkOutput = () => {}
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => {
      output += `${line}\n`
      checkOutput()
    })
  }
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const waitForOutput = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      checkOutput = () => pattern.test(output) && resolve(output)
      checkOutput()
      void exited.then(() =>
        reject(new Error(`The process ended and its output does not match ${pattern}:\n${output}`)),
      )
    })
  return { child, getOutput: () => output, waitForOutput, exited }
}

const WAIT_TIMEOUT_MS = 20_000

/** Polls until `check` returns a value, because files and processes send no event. */
export async function waitUntil<T>(description: string, check: () => T | undefined | false): Promise<T> {
  const deadlineMs = Date.now() + WAIT_TIMEOUT_MS
  while (Date.now() < deadlineMs) {
    const value = check()
    if (value) return value
    await sleep(20)
  }
  throw new Error(`Waited too long until ${description}.`)
}

/** Returns false also for a zombie: an ended process whose parent has not read its exit code. */
export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

function toImportSpecifier(path: string): string {
  return JSON.stringify(join(import.meta.dirname, '../src', path))
}
