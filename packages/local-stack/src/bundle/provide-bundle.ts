import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getErrorCode } from '../processes/error-code.ts'
import { run } from '../processes/run.ts'
import { hashFiles } from './hash-files.ts'
import { markUse, removeOldBundles, UNFINISHED_PREFIX } from './kept-bundles.ts'

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
  const key = hashFiles(source.root, source.sources)
  const folder = join(source.cache, `${key.slice(0, 32)}-${process.version}`)
  if (isComplete(folder)) return { folder, release: markUse(folder) }
  await buildInto(folder, source)
  const release = markUse(folder)
  removeOldBundles(source.cache, folder)
  return { folder, release }
}

function isComplete(folder: string): boolean {
  try {
    const { sizes }: Manifest = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'))
    return Object.entries(sizes).every(([name, bytes]) => statSync(join(folder, name)).size === bytes)
  } catch {
    return false
  }
}

/** Builds beside the folder and renames, so that a folder with a bundle's name holds a whole one. */
async function buildInto(folder: string, { script, scriptArguments, cache }: BundleSource): Promise<void> {
  const unfinished = join(cache, `${UNFINISHED_PREFIX}${process.pid}.${randomBytes(4).toString('hex')}`)
  try {
    makeFolder(cache)
    mkdirSync(unfinished)
    const { ok, output } = await run(process.execPath, [script, ...scriptArguments, `--out=${unfinished}`])
    if (!ok) throw new Error(output.trimEnd().split('\n').at(-1)) // The lines before it show the place.
    const sizes = Object.fromEntries(
      readdirSync(unfinished).map((name) => [name, statSync(join(unfinished, name)).size]),
    )
    writeFileSync(join(unfinished, MANIFEST), JSON.stringify({ sizes } satisfies Manifest))
    publish(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** It is not recursive, because Node then reports a read-only disk as a folder that does not exist. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (getErrorCode(error) !== 'EEXIST') throw error
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
