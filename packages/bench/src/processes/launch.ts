import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { waitUntil } from '@engineer-chat/proof'

/**
 * Each process runs this script first. It ends the process when its parent ends, and collects garbage on command.
 * Unlike `gc()`, the inspector returns the free memory to the system.
 */
const PRELOADED_SCRIPT = `data:text/javascript,
  import { Session } from "node:inspector";
  process.once("disconnect", () => process.exit(1));
  process.on("message", (command) => {
    if (command !== "collect") return;
    const session = new Session();
    session.connect();
    session.post("HeapProfiler.collectGarbage", () => process.send("collected"));
  });`

const ROOT = new URL('../../../../', import.meta.url)

export interface LaunchedProcess {
  pid: number
  /** Holds the URL at which the process serves HTTP or WebSockets. */
  url: string
  child: ChildProcess
  /** Suspends the process until `resume`, so that it uses no processor time. */
  pause(): void
  resume(): void
  /** Runs the garbage collector, so that a later reading of the memory has no garbage. */
  collectGarbage(): Promise<void>
  kill(): Promise<void>
  /** Sends SIGTERM and waits for the end. @throws Error if the process does not end with 0 */
  stop(): Promise<void>
}

/**
 * Starts a program of this package. It is ready when it prints `ready <url>`, or `ready <any word>` if it serves no
 * URL; the returned `url` is then meaningless. `onLine` gets each of its other lines.
 */
export async function startProgram(
  name: string,
  env: Record<string, string> = {},
  onLine: (line: string) => void = () => {},
): Promise<LaunchedProcess> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const launched = launch(`packages/bench/src/programs/${name}.ts`, env, 'pipe', reject)
  const { stdout } = launched.child
  if (stdout) createInterface(stdout).on('line', (line) => (line.startsWith('ready ') ? resolve(line) : onLine(line)))
  launched.url = (await promise).slice('ready '.length)
  return launched
}

/** Starts an app as in production, except that its log is discarded, and waits until its health check succeeds. */
export async function startApp(
  entry: string,
  env: NodeJS.ProcessEnv,
  url: string,
  healthPath: string,
): Promise<LaunchedProcess> {
  const { promise: failed, reject } = Promise.withResolvers<never>()
  const launched = launch(entry, env, 'ignore', reject)
  launched.url = url
  const ready = waitUntil(`${entry} is ready`, async () => (await fetch(url + healthPath).catch(() => undefined))?.ok)
  await Promise.race([ready, failed])
  return launched
}

/** Starts a process. Calls `rejectStart` when the process ends, which has no effect once it is ready. */
function launch(
  entry: string,
  env: NodeJS.ProcessEnv,
  output: 'pipe' | 'ignore',
  rejectStart: (error: Error) => void,
): LaunchedProcess {
  const child = spawn(process.execPath, ['--import', PRELOADED_SCRIPT, fileURLToPath(new URL(entry, ROOT))], {
    cwd: fileURLToPath(ROOT),
    env: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, ...env },
    stdio: ['ignore', output, 'inherit', 'ipc'],
    serialization: 'advanced', // JSON would turn NaN, which means not measured, into null.
  })
  if (child.pid === undefined) throw new Error(`${entry} could not be started.`)
  const killChild = () => child.kill('SIGKILL')
  process.once('exit', killChild)
  const exited = once(child, 'exit').then(([code, signal]) => {
    process.off('exit', killChild)
    rejectStart(new Error(`${entry} ended with ${code ?? signal}.`))
    return code ?? signal
  })
  return {
    pid: child.pid,
    url: '',
    child,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async collectGarbage() {
      child.send('collect')
      await once(child, 'message')
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      const result = await exited
      if (result !== 0) throw new Error(`${entry} ended with ${result} on SIGTERM.`)
    },
  }
}
