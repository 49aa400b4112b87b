import { countCharacters, PASSWORD_LENGTH, USERNAME_PATTERN } from '@engineer-chat/protocol'
import { ChatError, requireWellFormed, throwInvalid } from '../shared/index.ts'
import { isGuessablePassword } from './passwords/guessable-password.ts'

/** Other packages import every check of credentials from this file. */
export { isGuessablePassword }

const USERNAME = new RegExp(USERNAME_PATTERN)

/** @throws ChatError validation_failed */
export function requireUsername(username: string): void {
  if (!USERNAME.test(username)) {
    throwInvalid(
      '/username',
      'must have 1 to 64 lower-case letters, digits, dots, _ or -, and begin with a letter or digit',
    )
  }
}

/**
 * Refuses a password that is too short, too long or easy to guess. Otherwise returns its NFC form, which the caller
 * hashes: keyboards write the same letter in different Unicode forms. The error names the field at `path`.
 * @throws ChatError validation_failed, weak_password; no detail contains the password
 */
export async function normalizeNewPassword(password: string, username: string, path = '/password'): Promise<string> {
  const normalized = requireWellFormed(password, path).normalize('NFC')
  if (!isPasswordLengthAllowed(normalized)) {
    throwInvalid(path, `must have ${PASSWORD_LENGTH.minLength} to ${PASSWORD_LENGTH.maxLength} characters`)
  }
  if (await isGuessablePassword(normalized, username)) throw new ChatError('weak_password')
  return normalized
}

export function isPasswordLengthAllowed(password: string): boolean {
  const length = countCharacters(password)
  return length >= PASSWORD_LENGTH.minLength && length <= PASSWORD_LENGTH.maxLength
}
