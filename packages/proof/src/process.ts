import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../../', import.meta.url)

/** Represents a running process of the product, with its log. */
export interface RunningProcess {
  readonly child: ChildProcess
  /** Lists every line that the process has logged. */
  readonly log: string[]
  /** Sends the signal, by default SIGKILL, and waits until the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Resolves with the exit code or the name of the signal. */
  readonly exited: Promise<number | string>
}

/**
 * Runs a file of the product. A relative path starts from the root of the repository. The file gets the variables of
 * `env`, and only `PATH` and `NODE_OPTIONS` from the environment of this process.
 */
export function startProcess(entry: string, env: NodeJS.ProcessEnv): RunningProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL(entry, ROOT))], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => log.push(line))
  const exited = once(child, 'exit').then(([code, signal]): number | string => code ?? signal)
  const killChild = () => child.kill('SIGKILL')
  // The child must not outlive this process.
  process.once('exit', killChild)
  return {
    child,
    log,
    exited,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal)
      await exited
      process.off('exit', killChild)
    },
  }
}

/**
 * Repeats `check` every 20 ms until it returns neither undefined nor false, and returns this value. `condition` names
 * what it waits for.
 * @throws Error with `condition` in its text after `timeoutMs`
 */
export async function waitUntil<T>(
  condition: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const result = await check()
    if (result !== undefined && result !== false) return result
    if (performance.now() > deadline) throw new Error(`The wait ended after ${timeoutMs} ms without this: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
