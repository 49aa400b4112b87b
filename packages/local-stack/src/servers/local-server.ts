import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWatchdog } from '../processes/watchdog.ts'
import type { Server } from './server.ts'

interface LocalServer {
  name: Server['name']
  url: string
  program: string
  args: string[]
  /** Gets the output of the server. */
  logFile: string
  /** Resolves to true once the server answers in its own protocol. */
  isReady(): Promise<boolean>
  /** Is a folder that is removed when the server ends. */
  throwawayFolder?: string
}

const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000

/** Runs a server program of this machine as a child that can't outlive us. */
export async function runLocalServer(local: LocalServer): Promise<Server> {
  const watchdog = startWatchdog(local.throwawayFolder) // It starts first, so that the server is guarded at every moment.
  let running = launch(local, watchdog.guard)
  let stopping: Promise<void> | undefined

  const stop = async () => {
    await endProcess(running)
    watchdog.release()
    if (local.throwawayFolder) rmSync(local.throwawayFolder, { recursive: true, force: true })
  }
  const server: Server = {
    name: local.name,
    url: local.url,
    get pid() {
      return running.pid
    },
    get exited() {
      return running.exited
    },
    stop: () => {
      stopping ??= stop()
      return stopping
    },
    kill: async () => {
      running.child.kill('SIGKILL')
      await running.exited
    },
    restart: async () => {
      await endProcess(running)
      running = launch(local, watchdog.guard)
      await waitUntilReady(local, running)
    },
  }
  try {
    await waitUntilReady(local, running)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

interface RunningProcess {
  child: ChildProcess
  pid: number
  exited: Promise<void>
}

function launch(local: LocalServer, guard: (pid: number) => void): RunningProcess {
  const log = openSync(local.logFile, 'w')
  // The child has a session of its own, so that Ctrl-C reaches only us. We then stop the child ourselves.
  const child = spawn(local.program, local.args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  if (child.pid !== undefined) guard(child.pid)
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return { child, pid: child.pid ?? 0, exited }
}

async function waitUntilReady(local: LocalServer, { child, exited }: RunningProcess): Promise<void> {
  let hasEnded = false
  void exited.then(() => {
    hasEnded = true
  })
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (!(await local.isReady())) {
    if (hasEnded) throw createStartError(local, `ended with ${child.signalCode ?? `code ${child.exitCode}`}`)
    if (Date.now() > deadline) throw createStartError(local, `didn't answer within ${READY_TIMEOUT_MS / 1_000} s`)
    await Promise.race([sleep(20), exited])
  }
  if (hasEnded) throw createStartError(local, 'ended, and another server answers on its port')
}

function createStartError(local: LocalServer, problem: string): Error {
  const tail = readFileSync(local.logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
  return new Error(`${local.name} (${local.program}) ${problem}. The end of ${local.logFile}:\n${tail || '(nothing)'}`)
}

async function endProcess({ child, exited }: RunningProcess): Promise<void> {
  child.kill('SIGTERM')
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(killTimer)
}
