import { join } from 'node:path'
import { APP_SCRIPTS } from '../src/start/app-scripts.ts'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'

// npm run dev: API nodes and workers run on their sources and restart when one changes; the page reloads.
await runFromCommandLine('dev', {
  ...APP_SCRIPTS,
  bundle: undefined,
  pageServer: join(import.meta.dirname, '../../../apps/warroom/bin/dev.ts'),
  nodeOptions: ['--watch', '--watch-preserve-output'],
})
