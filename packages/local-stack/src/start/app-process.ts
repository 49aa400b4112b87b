import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWatchdog } from '../processes/watchdog.ts'
import type { RunningService } from './run-file.ts'
import { openServiceLog } from './service-log.ts'
import { type Run, superviseProcess } from './supervise-process.ts'

export interface AppOptions {
  name: string
  role: 'api' | 'worker' | 'page'
  script: string
  /** Node gets these before the script, such as `--watch`. */
  nodeOptions?: string[]
  scriptArguments?: string[]
  env: NodeJS.ProcessEnv
  url: string
  logFolder: string
  /** Rewrites each line before it goes to the log. */
  rewriteLine?: (line: string) => string
  print(line: string): void
  /** Is called when the process has started or ended. */
  onChange(): void
}

/** Is a supervised process that serves `/readyz`. */
export interface SupervisedApp extends Supervised {
  /** Says in one line what keeps it from being ready; undefined once it has been. */
  findDelay(): string | undefined
}

/** Is a process that is started again when it dies. */
export interface Supervised {
  /** Returns undefined while the process does not run. */
  findService(): RunningService | undefined
  ready: Promise<void>
  stop(): Promise<void>
}

const STOP_TIMEOUT_MS = 30_000

/** Runs an API node or a worker as a child that can't outlive us. */
export function superviseApp(options: AppOptions): SupervisedApp {
  const { name, role, url, nodeOptions = [], scriptArguments = [] } = options
  const watchdog = startWatchdog() // It starts first, so that the child is guarded at every moment.
  const log = openServiceLog(options.logFolder, name, options)
  let child: ChildProcess | undefined
  let stopping: Promise<void> | undefined
  let delay: string | undefined = "hasn't answered yet"

  const start = (): Run => {
    // The child has a session of its own, so that Ctrl-C reaches only us. We then end the child in order.
    const started = spawn(process.execPath, [...nodeOptions, options.script, ...scriptArguments], {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    // `--watch` runs the script in another process, so the whole group is guarded.
    if (started.pid !== undefined) watchdog.guard(nodeOptions.length > 0 ? -started.pid : started.pid)
    log.copy(started.stdout)
    log.copy(started.stderr)
    child = started
    options.onChange()
    const exited = waitForEnd(started).finally(() => {
      child = undefined
      setImmediate(options.onChange) // Until then the process may run again.
    })
    const noteAnswer = (answer: string | undefined) => {
      delay = answer
    }
    return { exited, ready: waitUntilAnswering(`${url}/readyz`, exited, noteAnswer) }
  }
  const supervised = superviseProcess({ name, hint: `Its log: ${log.path}`, start, print: options.print })
  const stop = async () => {
    const released = supervised.release()
    child?.kill('SIGTERM')
    const killTimer = setTimeout(() => child?.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await released
    clearTimeout(killTimer)
    watchdog.release()
    log.close()
  }
  return {
    ready: supervised.ready,
    findDelay: () => delay && `${name} isn't ready: ${url}/readyz ${delay}. Its log: ${log.path}`,
    findService: () => (child?.pid === undefined ? undefined : { name, role, pid: child.pid, url }),
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

function waitForEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
}

/**
 * Resolves with true once the URL answers, and with false if the process ends before. `noteAnswer` gets what the last
 * answer said, and undefined when it was good.
 */
async function waitUntilAnswering(
  url: string,
  exited: Promise<string>,
  noteAnswer: (answer: string | undefined) => void,
): Promise<boolean> {
  let hasEnded = false
  const ended = exited.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    const answer = await askReadiness(url)
    noteAnswer(answer)
    if (answer === undefined) return true
    await Promise.race([sleep(50), ended])
  }
  return false
}

/** Returns undefined if the process is ready, or else what it says. */
async function askReadiness(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    const text = (await response.text()).slice(0, 500)
    return response.ok ? undefined : `says ${response.status} ${text}`
  } catch (error) {
    return `doesn't answer (${describeCause(error)})`
  }
}

function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
