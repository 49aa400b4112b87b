import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'
import { replaceFile } from './replace-file.ts'

export interface Login {
  username: string
  password: string
  role: 'admin' | 'engineer' | 'agent'
}

export interface Secrets {
  jwt_secret_key: string
  passwords: Record<string, string>
}

const ADMIN = { username: 'admin', role: 'admin' } as const
const DEMO_USERS = [
  { username: 'alice', role: 'engineer' },
  { username: 'bob', role: 'engineer' },
  { username: 'captain', role: 'agent' },
] as const

/**
 * Reads the secrets, which the first start creates and keeps, so that sign-ins and printed passwords are valid after a
 * restart.
 */
export function readOrCreateSecrets(folder: string): Secrets {
  const path = join(folder, 'secrets.json')
  const existing = findSecrets(path)
  if (existing) return existing
  const created = { jwt_secret_key: randomBytes(48).toString('base64'), passwords: {} }
  replaceFile(path, `${JSON.stringify(created, null, 2)}\n`)
  return created
}

/**
 * Lists the users of this start with their passwords. It creates a password for each user who has none, and stores it
 * for later starts.
 */
export function readOrCreateLogins(folder: string, secrets: Secrets, hasDemo: boolean): Login[] {
  const users = hasDemo ? [ADMIN, ...DEMO_USERS] : [ADMIN]
  const missing = users.filter(({ username }) => secrets.passwords[username] === undefined)
  for (const { username } of missing) secrets.passwords[username] = randomBytes(8).toString('hex')
  if (missing.length > 0) replaceFile(join(folder, 'secrets.json'), `${JSON.stringify(secrets, null, 2)}\n`)
  return users.map((user) => ({ ...user, password: secrets.passwords[user.username] ?? '' }))
}

/** Returns undefined if there is no file yet. @throws StartError if the file is damaged */
function findSecrets(path: string): Secrets | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new StartError(`${path} is damaged: repair it, or delete all data with --fresh.`)
  }
}
