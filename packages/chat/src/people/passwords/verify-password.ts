import type { HashingPriority, Passwords } from '../passwords.ts'

/**
 * `right_with_outdated_hash` means that the password is right, but that an earlier version made the hash from another
 * Unicode form than NFC.
 */
export type PasswordVerification = 'wrong' | 'right' | 'right_with_outdated_hash'

/**
 * Verifies the password in NFC, because keyboards write the same letter in several forms. If that fails and the typed
 * form is not NFC, it verifies the typed form, too. For a wrong password or an unknown user (without a
 * hash), this depends on the typed text alone, so the duration does not reveal whether the user exists.
 */
export async function verifyPassword(
  passwords: Passwords,
  password: string,
  hash: string | undefined,
  priority: HashingPriority,
): Promise<PasswordVerification> {
  const normalized = password.normalize('NFC')
  if (await passwords.verify(normalized, hash, priority)) return 'right'
  if (normalized === password) return 'wrong'
  return (await passwords.verify(password, hash, priority)) ? 'right_with_outdated_hash' : 'wrong'
}
