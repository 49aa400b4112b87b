import { join } from 'node:path'
import type { BundleSource } from './provide-bundle.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const WORKSPACES = [
  'apps/api',
  'apps/worker',
  'packages/adapters',
  'packages/chat',
  'packages/markdown',
  'packages/process',
  'packages/protocol',
]

/** Describes the bundle that `npm start` runs: API node, worker and seed. */
export const APP_BUNDLE: BundleSource = {
  root: ROOT,
  sources: [
    ...WORKSPACES.flatMap((name) => [`${name}/package.json`, `${name}/bin`, `${name}/src`]),
    'deploy/bundle.ts',
    'node_modules/.package-lock.json', // In this file npm lists the packages that it has installed.
    'package-lock.json',
    'tsconfig.json',
  ],
  script: join(ROOT, 'deploy/bundle.ts'),
  scriptArguments: ['--for=start'],
  cache: join(ROOT, 'packages/local-stack/dist'),
}
