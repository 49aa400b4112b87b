import { join } from 'node:path'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'
import { SERVER_SCRIPTS } from '../src/start/server-scripts.ts'

// npm start: API nodes and workers run from their bundle, and each API node serves the built page.
const page = join(import.meta.dirname, '../../../apps/warroom/bin/build.ts')
await runFromCommandLine('start', { ...SERVER_SCRIPTS, page })
