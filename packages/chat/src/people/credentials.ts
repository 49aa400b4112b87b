import { countCharacters, PASSWORD_LENGTH, USERNAME_PATTERN } from '@engineer-chat/protocol'
import { ChatError, checkWellFormed, throwInvalid } from '../shared/index.ts'
import { isGuessablePassword } from './passwords/guessable-password.ts'

/** Other packages import every check of credentials from this file. */
export { isGuessablePassword }

const USERNAME = new RegExp(USERNAME_PATTERN)

/** @throws ChatError validation_failed */
export function requireUsername(username: string): string {
  if (!USERNAME.test(username)) {
    throwInvalid(
      '/username',
      'must have 1 to 64 lower-case letters, digits, dots, _ or -, and begin with a letter or digit',
    )
  }
  return username
}

/**
 * Checks a new password and returns its NFC form, which is hashed. Keyboards write the same letter in several forms.
 * @throws ChatError validation_failed, weak_password; no detail contains the password
 */
export async function checkNewPassword(password: string, username: string, path = '/password'): Promise<string> {
  const normalized = checkWellFormed(password, path).normalize('NFC')
  if (!hasPasswordLength(normalized)) {
    throwInvalid(path, `must have ${PASSWORD_LENGTH.minLength} to ${PASSWORD_LENGTH.maxLength} characters`)
  }
  if (await isGuessablePassword(normalized, username)) throw new ChatError('weak_password')
  return normalized
}

export function hasPasswordLength(password: string): boolean {
  const characters = countCharacters(password)
  return characters >= PASSWORD_LENGTH.minLength && characters <= PASSWORD_LENGTH.maxLength
}
