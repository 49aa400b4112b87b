import { PASSWORD_LENGTH, USERNAME_PATTERN } from '@engineer-chat/protocol'
import { checkWellFormed, throwInvalid } from '../shared/index.ts'

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

/** @throws ChatError validation_failed, whose detail does not contain the password */
export function requirePassword(password: string): string {
  if (!isPasswordLength(password)) {
    throwInvalid('/password', `must have ${PASSWORD_LENGTH.minLength} to ${PASSWORD_LENGTH.maxLength} characters`)
  }
  return checkWellFormed(password, '/password')
}

export function isPasswordLength(password: string): boolean {
  const characters = [...password].length
  return characters >= PASSWORD_LENGTH.minLength && characters <= PASSWORD_LENGTH.maxLength
}
