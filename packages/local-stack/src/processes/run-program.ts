import { spawn } from 'node:child_process'

export interface ProgramResult {
  ok: boolean
  /** Holds standard output and standard error in the order of arrival. */
  output: string
}

/** Runs a program and waits for its end. If it can't be started, `ok` is false. */
export function runProgram(
  program: string,
  args: string[],
  env: Record<string, string> = {},
  onSpawn?: (pid: number) => void,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    child.once('error', (error) => resolve({ ok: false, output: error.message }))
    if (child.pid !== undefined) onSpawn?.(child.pid)
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout?.on('data', collect) // Without a free file descriptor, there are no pipes.
    child.stderr?.on('data', collect)
    child.once('close', (code) => resolve({ ok: code === 0, output }))
  })
}
