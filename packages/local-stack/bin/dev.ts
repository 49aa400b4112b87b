import { join } from 'node:path'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'
import { SERVER_SCRIPTS } from '../src/start/server-scripts.ts'

// npm run dev: API nodes and workers run on their sources and restart when one changes; the page reloads.
await runFromCommandLine('dev', {
  ...SERVER_SCRIPTS,
  bundle: undefined,
  pageServer: join(import.meta.dirname, '../../../apps/warroom/bin/dev.ts'),
  nodeOptions: ['--watch', '--watch-preserve-output'],
})
