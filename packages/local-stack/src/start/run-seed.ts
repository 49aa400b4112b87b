import { spawn } from 'node:child_process'
import type { Program } from './choose-program.ts'
import type { Login } from './secrets.ts'
import { StartError } from './start-error.ts'

export interface SeedResult {
  demo_event_id: string | null
  /** These users existed already and keep their own passwords. */
  others: string[]
}

/** Migrates the database and adds what the demo needs, unless it is there already. @throws StartError */
export async function runSeed(
  program: Program,
  env: NodeJS.ProcessEnv,
  input: { users: Login[]; demo: boolean },
): Promise<SeedResult> {
  const child = spawn(process.execPath, [program.seed], {
    env: { ...env, ...program.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const [out, error] = [collectText(child.stdout), collectText(child.stderr)]
  child.stdin.on('error', () => {}) // The seed ended before it had read its input.
  child.stdin.end(JSON.stringify(input))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (code === 0) return JSON.parse(out())
  const cause = program.toSourcePositions(error() || out())
  throw new StartError(`The database couldn't be prepared:\n${cause.trimEnd()}`)
}

function collectText(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}
