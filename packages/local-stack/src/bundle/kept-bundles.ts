import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isProcessAlive } from '@engineer-chat/process/is-process-alive'
import { getErrorCode } from '../processes/error-code.ts'

/** While a bundle is built, the name of its folder has this prefix and the process id of the builder. */
export const UNFINISHED_PREFIX = 'unfinished.'

const MAX_KEPT_BUNDLES = 3
const PROCESSES_FOLDER = 'used-by'

/**
 * Marks the bundle as used, by a file whose name is the id of this process. While it exists, the bundle is not removed.
 * Returns a function that removes the mark.
 */
export function markUse(folder: string): () => void {
  const markFile = join(folder, PROCESSES_FOLDER, `${process.pid}`)
  try {
    makeFolder(join(folder, PROCESSES_FOLDER))
    writeFileSync(markFile, '')
  } catch {
    return () => {} // There is no bundle, or the folder is read-only, so that no process can remove it.
  }
  return () => rmSync(markFile, { force: true })
}

/**
 * Removes old bundles and the folders of killed builds. It keeps the bundles in use and the three that were used last.
 * The bundle in the folder `current` counts as one of these three. If the system has given the id of an ended process
 * to another one, a folder is only kept longer.
 */
export function removeOldBundles(cache: string, current: string): void {
  const names = readdirSync(cache).filter((name) => name !== basename(current))
  const unfinishedNames = names.filter(isUnfinished)
  const bundleNames = names.filter((name) => !isUnfinished(name))
  const sortedByUse = bundleNames.map((name) => join(cache, name)).sort((a, b) => getLastUseMs(b) - getLastUseMs(a))
  const unused = sortedByUse
    .slice(MAX_KEPT_BUNDLES - 1)
    .filter((folder) => !listProcessIds(folder).some(isProcessAlive))
  const abandoned = unfinishedNames
    .filter((name) => !isProcessAlive(getBuilderPid(name)))
    .map((name) => join(cache, name))
  for (const folder of [...unused, ...abandoned]) rmSync(folder, { recursive: true, force: true })
}

const isUnfinished = (name: string): boolean => name.startsWith(UNFINISHED_PREFIX)

/** Reads the process id from a name such as `unfinished.4242.1a2b3c4d`. */
const getBuilderPid = (name: string): number => Number(name.split('.')[1])

/** The modification time of the folder changes when a mark is created or removed. */
const getLastUseMs = (folder: string): number =>
  statSync(join(folder, PROCESSES_FOLDER), { throwIfNoEntry: false })?.mtimeMs ?? 0

function listProcessIds(folder: string): number[] {
  try {
    return readdirSync(join(folder, PROCESSES_FOLDER)).map(Number)
  } catch {
    return []
  }
}

/**
 * Creates a folder unless it exists. `recursive` is not set, because with it Node reports no error on a read-only disk.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (getErrorCode(error) !== 'EEXIST') throw error
  }
}
