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
  /** If this bundle can be built, its `api.js`, `worker.js` and `seed.js` run instead of the entries. */
  bundle?: BundleSource
  /** This script builds the page that the API serves. */
  page?: string
  /** This script serves the page from its sources instead, and reloads it when they change. */
  pageServer?: string
  /** Node gets these before the script of an API node or worker, such as `--watch`. */
  nodeOptions?: string[]
}

/** Has the product's files to run, of the bundle or of the sources, and what they need. */
export interface Program extends Entries {
  /** Has the variables that the files need besides those of the product. */
  env: NodeJS.ProcessEnv
  /** Replaces the bundle's positions in stack traces by those of the sources. */
  toSourcePositions(text: string): string
  release(): void
}

/** Returns the bundle of the current sources, or, if it cannot be built, the sources. One line says why. */
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
    // Node keeps its compiled code in the bundle's folder, so that it is removed with the bundle.
    env: { NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || join(folder, 'compiled') },
    toSourcePositions: createPositionMapper(folder),
    release,
  }
}
