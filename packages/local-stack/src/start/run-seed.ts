import { spawn } from 'node:child_process'
import { startWatchdog } from '../processes/watchdog.ts'
import type { ChosenScripts } from './choose-scripts.ts'
import type { Login } from './folder/secrets.ts'
import { StartError } from './start-error.ts'

/** The seed prints this as JSON. */
export interface SeedResult {
  demo_event_id: string | null
  /** These users existed already and keep their own passwords. */
  others: string[]
}

/** Migrates the database and adds the users and the demo event if they are missing. @throws StartError */
export async function runSeed(
  chosenScripts: ChosenScripts,
  env: NodeJS.ProcessEnv,
  input: { users: Login[]; demo: boolean },
  onSpawn: (name: string, pid: number) => void,
): Promise<SeedResult> {
  const watchdog = startWatchdog() // The watchdog starts first, so that the child is always guarded.
  const child = spawn(process.execPath, [chosenScripts.seed], {
    env: { ...env, ...chosenScripts.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | Error | null>((resolve) => child.once('error', resolve).once('close', resolve))
  if (child.pid !== undefined) {
    watchdog.guard(child.pid)
    onSpawn('seed', child.pid)
  }
  const [readOutput, readErrors] = [collectText(child.stdout), collectText(child.stderr)]
  child.stdin?.on('error', () => {}) // The error occurs when the seed ends before it has read its input.
  child.stdin?.end(JSON.stringify(input))
  const result = await ended
  watchdog.release()
  if (result === 0) return JSON.parse(readOutput())
  const cause = result instanceof Error ? result.message : chosenScripts.toSourcePositions(readErrors() || readOutput())
  throw new StartError(`The database couldn't be prepared:\n${cause.trimEnd()}`)
}

function collectText(stream: NodeJS.ReadableStream | undefined): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}
