import { join } from 'node:path'
import { onLauncherDeath } from '../src/processes/launcher-death.ts'
import { parseFlags } from '../src/start/flags.ts'
import { runProduct } from '../src/start/product.ts'
import { StartError } from '../src/start/start-error.ts'

const apps = join(import.meta.dirname, '../../../apps')
const scripts = {
  api: join(apps, 'api/src/main.ts'),
  worker: join(apps, 'worker/src/main.ts'),
  seed: join(apps, 'api/bin/seed.ts'),
  page: join(apps, 'warroom/bin/build.ts'),
}

const stopping = new AbortController()
const stop = () => stopping.abort() // a second signal joins the first
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
onLauncherDeath(stop)
process.stdout.on('error', stop) // whoever read it is gone

try {
  const flags = parseFlags(process.argv.slice(2), process.env)
  await runProduct({ flags, scripts, env: process.env, tell: console.log, signal: stopping.signal })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = error.exitCode
}
