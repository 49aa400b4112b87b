import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { getErrorCode } from '../../processes/error-code.ts'
import { exchangeWithPort } from '../../processes/exchange-with-port.ts'
import { StartError } from '../start-error.ts'

export interface StartLock {
  /** True means that an earlier start on this folder was killed. Its processes may not have ended yet. */
  wasKilled: boolean
  release(): void
}

/**
 * Allows one start per folder. The holder of the lock listens on a port and answers with a token. The port is closed
 * when the holder ends, and no other process knows the token. @throws StartError if another start holds the lock
 */
export async function takeStartLock(folder: string): Promise<StartLock> {
  const path = join(folder, 'start.lock')
  const token = randomBytes(16).toString('hex')
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.end(token)
  })
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  const address = server.address()
  const lockContent = JSON.stringify({ port: typeof address === 'object' ? address?.port : 0, token })
  const earlierHolder = await clearStaleLock(path)
  if (earlierHolder === 'alive' || !createFile(path, lockContent)) {
    server.close()
    throw new StartError(
      `Engineer Chat is running already on ${folder} (see run.json there). To run another: --data=DIR --port=P.`,
    )
  }
  return {
    wasKilled: earlierHolder === 'dead',
    release() {
      server.close()
      if (findContent(path) === lockContent) rmSync(path, { force: true })
    },
  }
}

/** Returns undefined if the file is gone. */
function findContent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Removes the lock file unless its holder is alive. Returns `dead` if the holder was killed. */
async function clearStaleLock(path: string): Promise<'nobody' | 'alive' | 'dead'> {
  let holder: { port: number; token: string }
  try {
    holder = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    rmSync(path, { force: true }) // The file is missing or incomplete.
    return 'nobody'
  }
  if ((await exchangeWithPort(holder.port))?.toString() === holder.token) return 'alive'
  rmSync(path, { force: true })
  return 'dead'
}

/** Returns false if the file exists because another start was faster. */
function createFile(path: string, text: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeFileSync(file, text)
    closeSync(file)
    return true
  } catch (error) {
    if (getErrorCode(error) === 'EEXIST') return false
    throw error
  }
}
