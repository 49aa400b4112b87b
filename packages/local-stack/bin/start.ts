import { join } from 'node:path'
import { APP_SCRIPTS } from '../src/start/app-scripts.ts'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'

// npm start: API nodes and workers run from their bundle, and each API node serves the built page.
const page = join(import.meta.dirname, '../../../apps/warroom/bin/build.ts')
await runFromCommandLine('start', { ...APP_SCRIPTS, page })
