import { join } from 'node:path'
import { type BundleSource, provideBundle } from '../bundle/provide-bundle.ts'
import { createPositionMapper } from '../bundle/source-positions.ts'

/** Names the files that Node runs as an API node, as a worker, and to prepare the database. */
export interface Entries {
  api: string
  worker: string
  seed: string
}

export interface Scripts extends Entries {
  /** The entries run from this bundle, under their own names, if it can be built. */
  bundle?: BundleSource
  /** This script builds the page that the API serves. */
  page?: string
  /** Serves the page from its sources instead, and reloads it when they change. */
  pageServer?: string
  /** Node gets these before the script of an API node or worker, such as `--watch`. */
  nodeOptions?: string[]
}

/** Says which files of the product are run, and how. */
export interface Program extends Entries {
  /** Variables that it gets beside the product's. */
  env: NodeJS.ProcessEnv
  /** Makes positions in its stack traces those of the sources. */
  toSourcePositions(text: string): string
  release(): void
}

/** Runs the bundle of today's sources, which is built once. Without one the sources run, and one line says why. */
export async function chooseProgram(
  scripts: Scripts,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<Program> {
  const { api, worker, seed, bundle } = scripts
  const sources: Program = { api, worker, seed, env: {}, toSourcePositions: (text) => text, release: () => {} }
  if (bundle === undefined) return sources
  try {
    return await openBundle(bundle, env)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    print(`The servers' bundle couldn't be built, so their sources run, which start slower: ${cause}`)
    return sources
  }
}

async function openBundle(source: BundleSource, env: NodeJS.ProcessEnv): Promise<Program> {
  const { folder, release } = await provideBundle(source)
  return {
    api: join(folder, 'api.js'),
    worker: join(folder, 'worker.js'),
    seed: join(folder, 'seed.js'),
    // Node keeps there what it has compiled. It goes with the bundle.
    env: { NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || join(folder, 'compiled') },
    toSourcePositions: createPositionMapper(folder),
    release,
  }
}
