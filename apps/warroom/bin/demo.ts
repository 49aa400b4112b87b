import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOCAL_STACK_BIN = join(import.meta.dirname, '../../../packages/local-stack/bin')
const START_TIMEOUT_MS = 120_000

/** Controls an instance of the product that was started like `npm start`, but with a temporary data folder. */
export interface Demo {
  url: string
  event_id: string
  getPassword(username: string): string
  stop(): Promise<void>
}

/** Mirrors the file that `npm start` writes into its data folder. */
interface RunFile {
  services: { role: string; url?: string }[]
  logins: { username: string; password: string }[]
  demo_event_id: string
}

export async function startDemo(): Promise<Demo> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'engineer-chat-demo-'))
  const flags = [`--data=${dataFolder}`, `--port=${await findFreePort()}`]
  const scripts = [join(LOCAL_STACK_BIN, 'launch.mjs'), join(LOCAL_STACK_BIN, 'start.ts')]
  const child = spawn(process.execPath, [...scripts, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    rmSync(dataFolder, { recursive: true, force: true })
  }
  const runFile = await waitForRunFile(join(dataFolder, 'run.json'))
  if (!runFile) {
    await stop()
    throw new Error('The demo did not start.')
  }
  return {
    url: runFile.services.find(({ role }) => role === 'api')?.url ?? '',
    event_id: runFile.demo_event_id,
    getPassword: (name) => runFile.logins.find(({ username }) => username === name)?.password ?? '',
    stop,
  }
}

/** Waits for the file, which is written when all processes run. Resolves to undefined after START_TIMEOUT_MS. */
async function waitForRunFile(path: string): Promise<RunFile | undefined> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(100)) {
    try {
      const runFile: RunFile = JSON.parse(readFileSync(path, 'utf8'))
      return runFile
    } catch {
      // The file does not exist yet, or is not complete.
    }
  }
  return undefined
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return address !== null && typeof address === 'object' ? address.port : 0
}
