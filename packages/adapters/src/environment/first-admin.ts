import { isGuessablePassword, isPasswordLengthAllowed } from '@engineer-chat/chat/credentials'
import { isExamplePassword } from './known-secret.ts'
import { createVariableError } from './read-environment.ts'
import { readSecretLineFromFile, SecretLineError } from './secret-line.ts'
import type { Config } from './table.ts'

export interface FirstAdmin {
  username: string
  /** Reads the password. The error's message does not contain it. @throws EnvironmentError */
  readPassword(): Promise<string>
}

/** Returns the administrator that is created while there are no users, or undefined if the configuration names none. */
export function findFirstAdmin(config: Pick<Config, 'process' | 'firstAdmin'>): FirstAdmin | undefined {
  const { username, passwordFile: file } = config.firstAdmin
  if (username === undefined || file === undefined) return undefined
  return {
    username,
    async readPassword() {
      const password = await readSecretLineFromFile(file).catch((error: unknown) => {
        throw error instanceof SecretLineError ? createPasswordError(`names a file that ${error.message}`) : error
      })
      if (!isPasswordLengthAllowed(password))
        throw createPasswordError('names a file whose password is too short or too long')
      const isExample = config.process.mode === 'production' && isExamplePassword(password)
      if (isExample || (await isGuessablePassword(password, username))) {
        throw createPasswordError('names a file whose password is easy to guess')
      }
      return password
    },
  }
}

const createPasswordError = (problem: string) => createVariableError('ADMIN_PASSWORD_FILE', problem)
