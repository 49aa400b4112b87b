import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { getErrorCode } from '../processes/error-code.ts'

/** The name of a folder in which a bundle is being built begins so; the builder's process id follows. */
export const UNFINISHED = 'unfinished.'

const KEPT = 3
const USERS = 'used-by'

/** Leaves a file with this process's id in the bundle, which is not removed while that process lives. */
export function markUse(folder: string): () => void {
  const mark = join(folder, USERS, `${process.pid}`)
  try {
    mkdirSync(join(folder, USERS), { recursive: true })
    writeFileSync(mark, '')
  } catch {
    return () => {} // The folder is read-only, and nobody removes it then.
  }
  return () => rmSync(mark, { force: true })
}

/** Removes all but the bundles in use and the three used last, and what builds that were killed have left. */
export function removeOldBundles(cache: string, current: string): void {
  const names = readdirSync(cache).filter((name) => name !== basename(current))
  const [unfinished, bundles] = [names.filter(isUnfinished), names.filter((name) => !isUnfinished(name))]
  const byUse = bundles.map((name) => join(cache, name)).sort((a, b) => lastUseMs(b) - lastUseMs(a))
  const old = byUse.slice(KEPT - 1).filter((folder) => !listUsers(folder).some(isAlive))
  const left = unfinished.filter((name) => !isAlive(Number(name.split('.')[1]))).map((name) => join(cache, name))
  for (const folder of [...old, ...left]) rmSync(folder, { recursive: true, force: true })
}

const isUnfinished = (name: string): boolean => name.startsWith(UNFINISHED)

/** A mark that is made or removed sets the time. */
const lastUseMs = (folder: string): number => statSync(join(folder, USERS), { throwIfNoEntry: false })?.mtimeMs ?? 0

function listUsers(folder: string): number[] {
  try {
    return readdirSync(join(folder, USERS)).map(Number)
  } catch {
    return []
  }
}

/** An id that another process has by now only keeps a bundle for longer. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return getErrorCode(error) === 'EPERM'
  }
}
