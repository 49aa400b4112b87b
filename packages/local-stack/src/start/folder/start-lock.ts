import { createHash, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getErrorCode } from '../../processes/error-code.ts'
import { exchangeWithPort } from '../../processes/exchange-with-port.ts'
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
export async function takeStartLock(folder: string): Promise<StartLock> {
  const path = join(folder, 'start.lock')
  const token = randomBytes(16).toString('hex') // No other lock has the same content.
  const content = JSON.stringify({ pid: process.pid, ...identifyProcess(process.pid), token })
  const ownFile = `${path}.${token}.new`
  try {
    writeFileSync(ownFile, content, { mode: 0o600 })
    const earlierHolder = (await isHeldByEarlierVersion(path)) ? 'alive' : takeFile(path, ownFile)
    if (earlierHolder === 'alive')
      throw new StartError(
        `Engineer Chat is running already on ${folder} (see run.json there). To run another: --data=DIR --port=P.`,
      )
    return {
      wasKilled: earlierHolder === 'dead',
      release() {
        try {
          if (findContent(path) === content) rmSync(path, { force: true })
        } catch {} // A lock that stays is stale as soon as this process has ended.
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
    // The lock was replaced before this file was created, so this file is no successor of it.
    rmSync(end, { force: true })
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
    return false // A crash of the machine has damaged the lock.
  }
}

/**
 * In 0.11 and before, the lock names a port of 127.0.0.1 at which its holder answers with the token of the lock. The
 * lock is stale if nobody does.
 */
async function isHeldByEarlierVersion(path: string): Promise<boolean> {
  const content = findContent(path)
  try {
    const { pid, port, token } = JSON.parse(content ?? '')
    if (pid !== undefined || port === undefined) return false
    return (await exchangeWithPort(port))?.toString() === token
  } catch {
    return false // There is no lock, or it is damaged.
  }
}

/** A link fails with these codes on file systems without hard links, such as exFAT or a folder of a virtual machine. */
const NO_LINK_CODES: unknown[] = ['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

/** Links the complete file, so that no other start reads half of it. Returns false if the path exists. */
function createLink(file: string, path: string): boolean {
  return createUnlessExists(() => {
    try {
      linkSync(file, path)
    } catch (error) {
      if (!NO_LINK_CODES.includes(getErrorCode(error))) throw error
      writeFileSync(path, readFileSync(file), { flag: 'wx', mode: 0o600 })
    }
  })
}

function createUnlessExists(create: () => void): boolean {
  try {
    create()
    return true
  } catch (error) {
    if (getErrorCode(error) === 'EEXIST') return false
    throw error
  }
}
