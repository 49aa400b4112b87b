import { createHash, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getErrorCode } from '../../processes/error-code.ts'
import { hasEnded, identifyProcess } from '../../processes/process-identity.ts'
import { StartError } from '../start-error.ts'
import { createFolderError } from './product-folder.ts'

export interface StartLock {
  /** True means that an earlier start on this folder was killed. Its processes may not have ended yet. */
  wasKilled: boolean
  release(): void
}

/**
 * Allows one start per folder. The file `start.lock` names the process that holds the lock.
 * @throws StartError if another start holds the lock, or if the folder can't be used
 */
export function takeStartLock(folder: string): StartLock {
  const path = join(folder, 'start.lock')
  const token = randomBytes(16).toString('hex') // No other lock has the same content.
  const content = JSON.stringify({ ...identifyProcess(process.pid), token })
  const ownFile = `${path}.${token}.new`
  try {
    writeFileSync(ownFile, content, { mode: 0o600 })
    const earlierHolder = takeFile(path, ownFile)
    if (earlierHolder === 'alive')
      throw new StartError(
        `Engineer Chat is running already on ${folder} (see run.json there). To run another: --data=DIR --port=P.`,
      )
    return {
      wasKilled: earlierHolder === 'dead',
      release() {
        if (findContent(path) === content) rmSync(path, { force: true })
      },
    }
  } catch (error) {
    throw error instanceof StartError ? error : createFolderError(folder, error)
  } finally {
    rmSync(ownFile, { force: true })
  }
}

/**
 * Makes `ownFile` the lock, unless the holder of the lock is alive. A stale lock is not removed, because another start
 * may have replaced it since it was read. It gets a successor instead: a file whose name contains the hash of the stale
 * lock. Only one start can create this file.
 */
function takeFile(path: string, ownFile: string): 'nobody' | 'alive' | 'dead' {
  for (;;) {
    const lock = findContent(path)
    let end = path
    // A successor is stale, too, if its start was killed before it could replace the lock.
    for (let content = lock; content !== undefined; content = findContent(end)) {
      if (isHeld(content)) return 'alive'
      end += `.${createHash('sha256').update(content).digest('hex').slice(0, 16)}`
    }
    if (!createLink(ownFile, end)) continue // Another start was faster.
    if (lock === undefined) return 'nobody'
    if (findContent(path) === lock) {
      renameSync(end, path)
      return 'dead'
    }
    rmSync(end) // The lock was replaced before this file was created, so this file is no successor of it.
  }
}

/** Returns undefined if the file doesn't exist. */
function findContent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (getErrorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function isHeld(content: string): boolean {
  try {
    return !hasEnded(JSON.parse(content))
  } catch {
    return false // A lock of an earlier version, or one that a crash of the machine has damaged.
  }
}

/** Links the complete file, so that no other start reads half of it. Returns false if the path exists. */
function createLink(file: string, path: string): boolean {
  try {
    linkSync(file, path)
    return true
  } catch (error) {
    if (getErrorCode(error) === 'EEXIST') return false
    throw error
  }
}
