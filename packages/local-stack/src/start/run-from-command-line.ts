import { findHelp } from '@engineer-chat/process/commands'
import { onParentExit } from '../processes/parent-exit.ts'
import type { Scripts } from './choose-scripts.ts'
import { parseFlags } from './flags.ts'
import { runProduct } from './product.ts'
import { StartError } from './start-error.ts'

/** Runs the product by the command's arguments until a signal ends it, and sets the exit code. */
export async function runFromCommandLine(name: 'start' | 'dev', scripts: Scripts): Promise<void> {
  const args = process.argv.slice(2)
  const help = findHelp(name, args)
  if (help !== undefined) return console.log(help)
  const stopping = new AbortController()
  const stop = () => stopping.abort() // A second signal changes nothing.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  onParentExit(stop)
  process.stdout.on('error', stop) // The terminal or the pipe is closed.
  try {
    const flags = parseFlags(args, process.env, name)
    await runProduct({ flags, scripts, env: process.env, print: console.log, signal: stopping.signal })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}
