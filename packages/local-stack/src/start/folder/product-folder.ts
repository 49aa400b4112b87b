import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { getErrorCode } from '../../processes/error-code.ts'
import { removeFromDocker } from '../../servers/docker.ts'
import { StartError } from '../start-error.ts'

/** Lists what `npm start` creates in a data folder. `--fresh` removes only these entries. */
const OWN_ENTRIES = ['mysql', 'redis', 'logs', 'secrets.json', 'run.json', 'processes.json']
/** Starts that were killed have left these: files that were not complete, and successors of a stale lock. */
const LEFTOVER =
  /^((secrets|run|processes)\.json\.\d+\.new|start\.lock\.[0-9a-f]{32}\.new|start\.lock(\.[0-9a-f]{16})+)$/

/** @throws StartError */
export function openFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw createFolderError(folder, error)
  }
}

export const createFolderError = (folder: string, error: unknown): StartError =>
  new StartError(`${folder} can't be used (${getErrorCode(error) ?? error}): choose another with --data=DIR.`)

/** Removes what `npm start` has created for this folder, in the folder and in Docker. @throws StartError */
export async function removeOwnEntries(folder: string): Promise<void> {
  for (const name of ['mysql', 'redis']) if (isInDocker(folder, name)) await removeDockerData(join(folder, name))
  const leftovers = readdirSync(folder).filter((name) => LEFTOVER.test(name))
  for (const name of [...OWN_ENTRIES, ...leftovers]) rmSync(join(folder, name), { recursive: true, force: true })
}

/** A server in Docker has no log in its folder, unlike a server that is a program of this machine. */
const isInDocker = (folder: string, name: string): boolean =>
  existsSync(join(folder, name, 'password')) && !existsSync(join(folder, name, `${name}.log`))

async function removeDockerData(path: string): Promise<void> {
  try {
    await removeFromDocker(path)
  } catch (error) {
    throw new StartError(`The data in Docker couldn't be removed: ${error instanceof Error ? error.message : error}`)
  }
}
