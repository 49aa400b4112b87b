import { join } from 'node:path'
import { SERVER_BUNDLE } from '../src/bundle/server-bundle.ts'
import { runFromCommandLine } from '../src/start/run-from-command-line.ts'

const apps = join(import.meta.dirname, '../../../apps')
await runFromCommandLine({
  api: join(apps, 'api/src/main.ts'),
  worker: join(apps, 'worker/src/main.ts'),
  seed: join(apps, 'api/bin/seed.ts'),
  page: join(apps, 'warroom/bin/build.ts'),
  bundle: SERVER_BUNDLE,
})
