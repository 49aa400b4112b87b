import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../processes/run-program.ts'
import { hashFiles } from './hash-files.ts'
import { makeFolder, markUse, removeOldBundles, UNFINISHED_PREFIX } from './kept-bundles.ts'

export interface BundleSource {
  root: string
  /** Lists files and folders below the root. The bundle is built again when their content changes. */
  sources: string[]
  /** Node runs this script, which writes the bundle into the folder that `--out=` names. */
  script: string
  scriptArguments: string[]
  /** Names the folder of all bundles. The name of a bundle begins with the hash of its sources. */
  cache: string
}

export interface Bundle {
  folder: string
  /** Allows other starts to remove the bundle when it is old: removes the mark that this process uses it. */
  releaseBundle(): void
}

const MANIFEST = 'bundle.json'

/** This file is written last. It holds the size of each file, so that incomplete files are found. */
interface Manifest {
  sizes: Record<string, number>
}

/**
 * Returns the bundle of the current sources, and builds it if it does not exist.
 * @throws Error with a message of one line
 */
export async function provideBundle(source: BundleSource): Promise<Bundle> {
  for (let build = 1; build <= MAX_BUILDS; build += 1) {
    const folder = findFolder(source)
    // The folder is marked before it is read, so that no other start removes it.
    const removeMark = markUse(folder)
    if (isComplete(folder)) return { folder, releaseBundle: removeMark }
    removeMark()
    await buildInto(folder, source)
    if (isComplete(folder)) {
      const removeNewMark = markUse(folder)
      removeOldBundles(source.cache, folder)
      return { folder, releaseBundle: removeNewMark }
    }
  }
  throw new Error('the sources change while they are built')
}

/** Limits the number of builds if the sources change during every build. */
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
 * Builds in another folder and renames it, so that an interrupted build leaves no folder with a bundle's name. A bundle
 * is dropped if its sources changed during the build.
 */
async function buildInto(folder: string, source: BundleSource): Promise<void> {
  const { script, scriptArguments, cache } = source
  const unfinished = join(cache, `${UNFINISHED_PREFIX}${process.pid}.${randomBytes(4).toString('hex')}`)
  try {
    makeFolder(cache)
    mkdirSync(unfinished)
    const { ok, output } = await runProgram(process.execPath, [script, ...scriptArguments, `--out=${unfinished}`])
    // The last line is the message; the lines before it are an excerpt of the code that failed.
    if (!ok) throw new Error(output.trimEnd().split('\n').at(-1))
    const sizes = Object.fromEntries(
      readdirSync(unfinished).map((name) => [name, statSync(join(unfinished, name)).size]),
    )
    if (findFolder(source) !== folder) return
    writeFileSync(join(unfinished, MANIFEST), JSON.stringify({ sizes } satisfies Manifest))
    moveIntoPlace(unfinished, folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** Moves a finished build to its place. If another start was faster, the bundle of that start is kept. */
function moveIntoPlace(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    if (isComplete(folder)) return
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) throw error
    rmSync(folder, { recursive: true, force: true }) // The folder holds a damaged bundle.
    renameSync(unfinished, folder)
  }
}
