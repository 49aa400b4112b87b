import { isPasswordLength } from '@engineer-chat/chat/credentials'
import { isGuessablePassword } from './known-secret.ts'
import { createVariableError } from './read-environment.ts'
import { readSecretLineFromFile, SecretLineError } from './secret-line.ts'
import type { Config } from './table.ts'

export interface FirstAdmin {
  username: string
  /** The error's message doesn't contain the password. @throws EnvironmentError */
  readPassword(): Promise<string>
}

/** Finds who is to be created at a start without users, if the configuration names somebody. */
export function findFirstAdmin(config: Pick<Config, 'process' | 'firstAdmin'>): FirstAdmin | undefined {
  const { username, passwordFile: file } = config.firstAdmin
  if (username === undefined || file === undefined) return undefined
  return {
    username,
    async readPassword() {
      const password = await readSecretLineFromFile(file).catch((error: unknown) => {
        throw error instanceof SecretLineError ? createPasswordError(`names a file that ${error.message}`) : error
      })
      if (!isPasswordLength(password)) throw createPasswordError('names a file whose password is too short or too long')
      if (config.process.mode === 'production' && isGuessablePassword(password, username)) {
        throw createPasswordError('names a file whose password is easy to guess')
      }
      return password
    },
  }
}

const createPasswordError = (problem: string) => createVariableError('ADMIN_PASSWORD_FILE', problem)
