import { join } from 'node:path'
import { APP_BUNDLE } from '../bundle/app-bundle.ts'
import { type ChosenScripts, chooseScripts, type Scripts } from './choose-scripts.ts'

const APPS = join(import.meta.dirname, '../../../../apps')

/** Names the scripts of API node, worker and seed in the sources, and the bundle that is built from them. */
export const APP_SCRIPTS: Scripts = {
  api: join(APPS, 'api/src/main.ts'),
  worker: join(APPS, 'worker/src/main.ts'),
  seed: join(APPS, 'api/bin/seed.ts'),
  bundle: APP_BUNDLE,
}

let chosenScripts: Promise<ChosenScripts> | undefined

/** Returns the scripts that `npm start` would run. A bundle starts much faster than the sources. */
export function chooseAppScripts(): Promise<ChosenScripts> {
  chosenScripts ??= chooseScripts(APP_SCRIPTS, process.env, console.error)
  return chosenScripts
}
