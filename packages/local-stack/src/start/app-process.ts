import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { startWatchdog } from '../processes/watchdog.ts'
import type { RunningService } from './folder/run-file.ts'
import { openServiceLog } from './service-log.ts'
import { type ProcessRun, superviseProcess } from './supervise-process.ts'

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
  /** Runs immediately after each start of the process. */
  onSpawn(name: string, pid: number): void
  /** Runs when the process has started or ended. */
  onChange(): void
}

/** Describes a supervised process that answers at `/readyz`. */
export interface SupervisedApp extends Supervised {
  /** Returns one line with the reason why the process isn't ready, or undefined once it was ready. */
  findReadinessProblem(): string | undefined
}

/** Describes a process that is started again when it dies. */
export interface Supervised {
  /** Returns undefined while the process does not run. */
  findService(): RunningService | undefined
  ready: Promise<void>
  stop(): Promise<void>
}

const STOP_TIMEOUT_MS = 30_000

/** Runs an API node, a worker or the page's server as a child process, which is killed if this process ends. */
export function superviseApp(options: AppOptions): SupervisedApp {
  const { name, role, url, nodeOptions = [], scriptArguments = [] } = options
  const watchdog = startWatchdog() // The watchdog starts first, so that the child is always guarded.
  const log = openServiceLog(options.logFolder, name, options)
  let child: ChildProcess | undefined
  let stopping: Promise<void> | undefined
  let readinessProblem: string | undefined = "hasn't answered yet"

  const start = (): ProcessRun => {
    // The child gets a separate session, so that Ctrl-C reaches only this process, which then stops all in order.
    const newChild = spawn(process.execPath, [...nodeOptions, options.script, ...scriptArguments], {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const exited = waitForEnd(newChild).finally(() => {
      child = undefined
      setImmediate(options.onChange) // By then, an immediate restart has begun, and the new process is found.
    })
    // `--watch` runs the script in another process, so the whole group is guarded.
    if (newChild.pid !== undefined) {
      watchdog.guard(nodeOptions.length > 0 ? -newChild.pid : newChild.pid)
      options.onSpawn(name, newChild.pid)
    }
    // A child that could not be started, because no file descriptor was free, has no pipes.
    for (const stream of [newChild.stdout, newChild.stderr]) if (stream) log.copy(stream)
    child = newChild
    options.onChange()
    const reportProblem = (problem: string | undefined) => {
      readinessProblem = problem
    }
    return { exited, ready: waitUntilReady(`${url}/readyz`, exited, reportProblem) }
  }
  const supervised = superviseProcess({ name, logNote: `Its log: ${log.path}`, start, print: options.print })
  const stop = async () => {
    // `stopRestarting` settles when its current run has ended.
    const ended = supervised.stopRestarting()
    child?.kill('SIGTERM')
    const killTimer = setTimeout(() => child?.kill('SIGKILL'), STOP_TIMEOUT_MS)
    await ended
    clearTimeout(killTimer)
    watchdog.release()
    log.close()
  }
  return {
    ready: supervised.ready,
    findReadinessProblem: () =>
      readinessProblem && `${name} isn't ready: ${url}/readyz ${readinessProblem}. Its log: ${log.path}`,
    findService: () => (child?.pid === undefined ? undefined : { name, role, pid: child.pid, url }),
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

/** Resolves to how the process ended: its signal, its code such as `code 1`, or the reason why it could not start. */
function waitForEnd(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    child.once('error', (error) => resolve(error.message))
  })
}

/**
 * Resolves with true when the process is ready, and with false if it ends before. After each request to the URL,
 * `reportProblem` gets the reason why the process isn't ready, or undefined if it is.
 */
async function waitUntilReady(
  url: string,
  exited: Promise<string>,
  reportProblem: (problem: string | undefined) => void,
): Promise<boolean> {
  let hasEnded = false
  const ended = exited.then(() => {
    hasEnded = true
  })
  while (!hasEnded) {
    const problem = await fetchReadinessProblem(url)
    reportProblem(problem)
    if (problem === undefined) return true
    await Promise.race([sleep(50), ended])
  }
  return false
}

/** Returns undefined if the process is ready, and otherwise the end of a sentence that begins with the URL. */
async function fetchReadinessProblem(url: string): Promise<string | undefined> {
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
