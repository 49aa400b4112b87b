import { join } from 'node:path'
import { SERVER_BUNDLE } from '../bundle/server-bundle.ts'
import { chooseProgram, type Program, type Scripts } from './choose-program.ts'

const APPS = join(import.meta.dirname, '../../../../apps')

/** Names the product's servers: their sources, and the bundle that is built of them. */
export const SERVER_SCRIPTS: Scripts = {
  api: join(APPS, 'api/src/main.ts'),
  worker: join(APPS, 'worker/src/main.ts'),
  seed: join(APPS, 'api/bin/seed.ts'),
  bundle: SERVER_BUNDLE,
}

let program: Promise<Program> | undefined

/** Returns what `npm start` would run. A bundle starts in a fraction of the sources' time. */
export function chooseServerProgram(): Promise<Program> {
  program ??= chooseProgram(SERVER_SCRIPTS, process.env, console.error)
  return program
}
