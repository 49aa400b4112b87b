import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWatchdog } from '../processes/watchdog.ts'
import type { Server } from './server.ts'

/** Runs immediately after each start of a process that uses the server's folder. */
export type OnSpawn = (pid: number) => void

interface LocalServerOptions {
  name: Server['name']
  url: string
  program: string
  args: string[]
  /** Receives the output of the server. */
  logFile: string
  /** Resolves to true once the server answers in its own protocol. */
  isReady(): Promise<boolean>
  /** This folder is removed by `stop`, or when this process ends. */
  throwawayFolder?: string
  onSpawn?: OnSpawn | undefined
}

const READY_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 15_000
const SHOWN_LOG_LINES = 15

/** Runs a server program of this machine as a child process, which is killed if this process ends. */
export async function runLocalServer(options: LocalServerOptions): Promise<Server> {
  // The watchdog starts first, so that the server is always guarded.
  const watchdog = startWatchdog(options.throwawayFolder)
  let serverProcess = launch(options, watchdog.guard)
  let stopping: Promise<void> | undefined

  const stop = async () => {
    await endProcess(serverProcess)
    watchdog.release()
    if (options.throwawayFolder) rmSync(options.throwawayFolder, { recursive: true, force: true })
  }
  const server: Server = {
    name: options.name,
    url: options.url,
    get pid() {
      return serverProcess.pid
    },
    get exited() {
      return serverProcess.exited
    },
    stop: () => {
      stopping ??= stop()
      return stopping
    },
    kill: async () => {
      serverProcess.child.kill('SIGKILL')
      await serverProcess.exited
    },
    restart: async () => {
      await endProcess(serverProcess)
      serverProcess = launch(options, watchdog.guard)
      await waitUntilReady(options, serverProcess)
    },
  }
  try {
    await waitUntilReady(options, serverProcess)
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

function launch(options: LocalServerOptions, guard: (pid: number) => void): RunningProcess {
  const log = openSync(options.logFile, 'w')
  // The child gets a separate session, so that Ctrl-C reaches only this process, which then stops the child.
  const child = spawn(options.program, options.args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  if (child.pid !== undefined) {
    guard(child.pid)
    options.onSpawn?.(child.pid)
  }
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return { child, pid: child.pid ?? 0, exited }
}

async function waitUntilReady(options: LocalServerOptions, { child, exited }: RunningProcess): Promise<void> {
  let hasEnded = false
  void exited.then(() => {
    hasEnded = true
  })
  const deadline = Date.now() + READY_TIMEOUT_MS
  while (!(await options.isReady())) {
    if (hasEnded) throw createServerError(options, `ended with ${child.signalCode ?? `code ${child.exitCode}`}`)
    if (Date.now() > deadline) throw createServerError(options, `didn't answer within ${READY_TIMEOUT_MS / 1_000} s`)
    await Promise.race([sleep(20), exited])
  }
  if (hasEnded) throw createServerError(options, 'ended, and another server answers on its port')
}

function createServerError(options: LocalServerOptions, problem: string): Error {
  const lastLines = readFileSync(options.logFile, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n')
  return new Error(
    `${options.name} (${options.program}) ${problem}. The end of ${options.logFile}:\n${lastLines || '(nothing)'}`,
  )
}

async function endProcess({ child, exited }: RunningProcess): Promise<void> {
  child.kill('SIGTERM')
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(killTimer)
}
