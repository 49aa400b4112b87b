import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../processes/run.ts'
import { hashFiles } from './hash-files.ts'
import { makeFolder, markUse, removeOldBundles, UNFINISHED_PREFIX } from './kept-bundles.ts'

export interface BundleSource {
  root: string
  /** Files and folders below the root. The bundle is built anew when the content of one changes. */
  sources: string[]
  /** This script of Node writes the bundle into the folder that `--out=` names. */
  script: string
  scriptArguments: string[]
  /** Bundles are kept in this folder, each under the hash of what it was built from. */
  cache: string
}

export interface Bundle {
  folder: string
  /** Says that this process uses the bundle no more, so that it may be removed once it is old. */
  release(): void
}

const MANIFEST = 'bundle.json'

/** It is written last and says how long each file is, so that a file that was cut off is noticed. */
interface Manifest {
  sizes: Record<string, number>
}

/** Returns the bundle of exactly these sources, and builds it if there is none. @throws Error, whose message is one line */
export async function provideBundle(source: BundleSource): Promise<Bundle> {
  for (let build = 1; build <= MAX_BUILDS; build += 1) {
    const folder = findFolder(source)
    // It is marked before it is read, so that no other start removes it in between.
    const release = markUse(folder)
    if (isComplete(folder)) return { folder, release }
    release()
    await buildInto(folder, source)
    if (isComplete(folder)) {
      const marked = markUse(folder)
      removeOldBundles(source.cache, folder)
      return { folder, release: marked }
    }
  }
  throw new Error('the sources change while they are built')
}

/** Sources that change during a build are built again, this often in all. */
const MAX_BUILDS = 3

const findFolder = ({ root, sources, cache }: BundleSource): string =>
  join(cache, `${hashFiles(root, sources).slice(0, 32)}-${process.version}`)

function isComplete(folder: string): boolean {
  try {
    const { sizes }: Manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'))
    return Object.entries(sizes).every(([name, bytes]) => statSync(join(folder, name)).size === bytes)
  } catch {
    return false
  }
}

/**
 * Builds beside the folder and renames, so that a folder with a bundle's name holds a whole one. A bundle whose sources changed
 * while it was built is thrown away.
 */
async function buildInto(folder: string, source: BundleSource): Promise<void> {
  const { script, scriptArguments, cache } = source
  const unfinished = join(cache, `${UNFINISHED_PREFIX}${process.pid}.${randomBytes(4).toString('hex')}`)
  try {
    makeFolder(cache)
    mkdirSync(unfinished)
    const { ok, output } = await run(process.execPath, [script, ...scriptArguments, `--out=${unfinished}`])
    if (!ok) throw new Error(output.trimEnd().split('\n').at(-1)) // The lines before it show the place.
    const sizes = Object.fromEntries(
      readdirSync(unfinished).map((name) => [name, statSync(join(unfinished, name)).size]),
    )
    if (findFolder(source) !== folder) return
    writeFileSync(join(unfinished, MANIFEST), JSON.stringify({ sizes } satisfies Manifest))
    publish(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Two starts may build at once: the second one finds the bundle of the first and leaves its own. */
function publish(built: string, folder: string): void {
  try {
    renameSync(built, folder)
  } catch (error) {
    if (isComplete(folder)) return
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) throw error
    rmSync(folder, { recursive: true, force: true }) // It is damaged.
    renameSync(built, folder)
  }
}
