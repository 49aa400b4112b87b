import { join } from 'node:path'
import { type BundleSource, provideBundle } from '../bundle/provide-bundle.ts'
import { createPositionMapper } from '../bundle/source-positions.ts'

/** Names the scripts of an API node, of a worker, and of the seed, which prepares the database. */
export interface EntryScripts {
  api: string
  worker: string
  seed: string
}

export interface Scripts extends EntryScripts {
  /** If this bundle can be built, its `api.js`, `worker.js` and `seed.js` run instead of the sources. */
  bundle?: BundleSource
  /** This script builds the page that the API serves. */
  page?: string
  /** This script serves the page from its sources, without a build, and reloads it when they change. */
  pageServer?: string
  /** Node gets these before the script of an API node or worker, such as `--watch`. */
  nodeOptions?: string[]
}

/** Names the scripts to run, either in the bundle or in the sources. */
export interface ChosenScripts extends EntryScripts {
  /** Holds environment variables that the scripts need in addition. */
  env: NodeJS.ProcessEnv
  /** Replaces positions in the bundle by positions in the sources, in a stack trace. */
  toSourcePositions(text: string): string
  /** Allows other starts to remove the bundle when it is old. */
  releaseBundle(): void
}

/**
 * Returns the scripts in the bundle of the current sources, or the source scripts if no bundle is wanted. If the bundle
 * cannot be built, prints the reason and returns the source scripts.
 */
export async function chooseScripts(
  scripts: Scripts,
  env: NodeJS.ProcessEnv,
  print: (line: string) => void,
): Promise<ChosenScripts> {
  const { api, worker, seed, bundle } = scripts
  const sourceScripts: ChosenScripts = {
    api,
    worker,
    seed,
    env: {},
    toSourcePositions: (text) => text,
    releaseBundle: () => {},
  }
  if (bundle === undefined) return sourceScripts
  try {
    return await openBundle(bundle, env)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    print(`The servers' bundle couldn't be built, so their sources run, which start slower: ${cause}`)
    return sourceScripts
  }
}

/**
 * Makes the memory of an API node or worker a third smaller, and costs a few percent more processor time. A larger
 * young generation is filled before anything is collected; each of glibc's arenas keeps free memory of its own. The
 * Dockerfile has the same values.
 */
export const MEMORY_SETTINGS = { NODE_OPTIONS: '--max-semi-space-size=8', MALLOC_ARENA_MAX: '2' }

async function openBundle(source: BundleSource, env: NodeJS.ProcessEnv): Promise<ChosenScripts> {
  const { folder, releaseBundle } = await provideBundle(source)
  return {
    api: join(folder, 'api.js'),
    worker: join(folder, 'worker.js'),
    seed: join(folder, 'seed.js'),
    env: {
      // Node's compile cache is in the folder of the bundle, so that both are removed together.
      NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || join(folder, 'compiled'),
      // If an option is given twice, Node takes the last one.
      NODE_OPTIONS: [MEMORY_SETTINGS.NODE_OPTIONS, env.NODE_OPTIONS].filter(Boolean).join(' '),
      MALLOC_ARENA_MAX: env.MALLOC_ARENA_MAX || MEMORY_SETTINGS.MALLOC_ARENA_MAX,
    },
    toSourcePositions: createPositionMapper(folder),
    releaseBundle,
  }
}
