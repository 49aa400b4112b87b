import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../../', import.meta.url)

/** Is a process of the product, started as an operator starts it. */
export interface RunningProcess {
  readonly child: ChildProcess
  /** Has every line that it logged. */
  readonly log: string[]
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Ends with the exit code, or the signal's name. */
  readonly exited: Promise<number | string>
}

export function startProcess(entry: string, env: Record<string, string>): RunningProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL(entry, ROOT))], {
    env: { PATH: process.env.PATH, NODE_OPTIONS: process.env.NODE_OPTIONS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => log.push(line))
  const exited = once(child, 'exit').then(([code, signal]): number | string => code ?? signal)
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  return {
    child,
    log,
    exited,
    kill: async (signal = 'SIGKILL') => {
      child.kill(signal)
      await exited
      process.off('exit', end)
    },
  }
}

/** Repeats `ask` every 20 ms until it answers. @throws an error that says what it waited for */
export async function waitUntil<T>(
  condition: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  within_ms = 30_000,
): Promise<T> {
  const deadline = performance.now() + within_ms
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited ${within_ms} ms in vain: ${condition}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
