import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

// Servers are often installed outside a user's PATH.
const SERVER_FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/local/mysql/bin',
  '/usr/libexec',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/opt/homebrew/opt/redis/bin',
  '/home/linuxbrew/.linuxbrew/bin',
]

/** Returns the full path of the first of these programs that this machine has. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS].filter(Boolean)
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable)
    if (path) return path
  }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
