import { join } from 'node:path'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'

// npm run dev: API nodes and workers run on their sources and restart when one changes; the page reloads.
const apps = join(import.meta.dirname, '../../../apps')
await runFromCommandLine({
  api: join(apps, 'api/src/main.ts'),
  worker: join(apps, 'worker/src/main.ts'),
  seed: join(apps, 'api/bin/seed.ts'),
  pageServer: join(apps, 'warroom/bin/dev.ts'),
  nodeOptions: ['--watch', '--watch-preserve-output'],
})
