import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { getErrorCode } from '../processes/error-code.ts'

/** A folder in which a bundle is being built has a name with this prefix and the builder's process id. */
export const UNFINISHED_PREFIX = 'unfinished.'

const MAX_KEPT_BUNDLES = 3
const USERS_FOLDER = 'used-by'

/** Leaves a file with this process's id in the bundle, which is not removed while that process lives. */
export function markUse(folder: string): () => void {
  const mark = join(folder, USERS_FOLDER, `${process.pid}`)
  try {
    makeFolder(join(folder, USERS_FOLDER))
    writeFileSync(mark, '')
  } catch {
    return () => {} // There is no bundle, or the folder is read-only, so that no process can remove it.
  }
  return () => rmSync(mark, { force: true })
}

/** Removes what killed builds have left, and all bundles but those in use and the three used last. */
export function removeOldBundles(cache: string, current: string): void {
  const names = readdirSync(cache).filter((name) => name !== basename(current))
  const [unfinished, bundles] = [names.filter(isUnfinished), names.filter((name) => !isUnfinished(name))]
  const byUse = bundles.map((name) => join(cache, name)).sort((a, b) => getLastUseMs(b) - getLastUseMs(a))
  const old = byUse.slice(MAX_KEPT_BUNDLES - 1).filter((folder) => !listUsers(folder).some(isAlive))
  const abandoned = unfinished.filter((name) => !isAlive(Number(name.split('.')[1]))).map((name) => join(cache, name))
  for (const folder of [...old, ...abandoned]) rmSync(folder, { recursive: true, force: true })
}

const isUnfinished = (name: string): boolean => name.startsWith(UNFINISHED_PREFIX)

/** Creating or removing a mark sets the folder's modification time. */
const getLastUseMs = (folder: string): number =>
  statSync(join(folder, USERS_FOLDER), { throwIfNoEntry: false })?.mtimeMs ?? 0

function listUsers(folder: string): number[] {
  try {
    return readdirSync(join(folder, USERS_FOLDER)).map(Number)
  } catch {
    return []
  }
}

/** Says whether a process has this id. If it is another process by now, the bundle is only kept longer. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return getErrorCode(error) === 'EPERM'
  }
}

/** Creates a folder unless it exists. It is not recursive, because Node then hides that a disk is read-only. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    if (getErrorCode(error) !== 'EEXIST') throw error
  }
}
