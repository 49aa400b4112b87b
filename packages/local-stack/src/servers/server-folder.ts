import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { getErrorCode } from '../processes/error-code.ts'

export interface ServerFolder {
  path: string
  /** The password is created with the folder and stays in its file `password`. */
  password: string
}

/** Creates the folder and its password, unless they exist. */
export function openServerFolder(folder: string): ServerFolder {
  const path = resolve(folder)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const file = join(path, 'password')
  try {
    writeFileSync(file, randomBytes(18).toString('hex'), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (getErrorCode(error) !== 'EEXIST') throw error
  }
  return { path, password: readFileSync(file, 'utf8') }
}
