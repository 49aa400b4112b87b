import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BIN = join(import.meta.dirname, '../../../packages/local-stack/bin')
const START_TIMEOUT_MS = 120_000

/** Controls an instance of the product that `npm start` has started with a separate data folder. */
export interface Demo {
  url: string
  event_id: string
  getPassword(username: string): string
  stop(): Promise<void>
}

interface RunFile {
  services: { role: string; url?: string }[]
  logins: { username: string; password: string }[]
  demo_event_id: string
}

export async function startDemo(): Promise<Demo> {
  const data = mkdtempSync(join(tmpdir(), 'engineer-chat-demo-'))
  const flags = [`--data=${data}`, `--port=${await findFreePort()}`]
  const child = spawn(process.execPath, [join(BIN, 'launch.mjs'), join(BIN, 'start.ts'), ...flags], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = async () => {
    const ended = once(child, 'exit')
    if (child.exitCode === null && child.kill('SIGTERM')) await ended
    rmSync(data, { recursive: true, force: true })
  }
  const run = await waitForRunFile(join(data, 'run.json'))
  if (!run) {
    await stop()
    throw new Error('The demo did not start.')
  }
  return {
    url: run.services.find(({ role }) => role === 'api')?.url ?? '',
    event_id: run.demo_event_id,
    getPassword: (name) => run.logins.find(({ username }) => username === name)?.password ?? '',
    stop,
  }
}

/** Waits for the file that is written when all processes run. */
async function waitForRunFile(path: string): Promise<RunFile | undefined> {
  for (const deadline = Date.now() + START_TIMEOUT_MS; Date.now() < deadline; await sleep(100)) {
    try {
      const run: RunFile = JSON.parse(readFileSync(path, 'utf8'))
      return run
    } catch {
      // The file isn't there yet, or isn't complete.
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
