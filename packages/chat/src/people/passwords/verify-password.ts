import type { HashingPriority, Passwords } from '../passwords.ts'

/**
 * With `outdated_hash` the password is right, but its hash was made from another Unicode form than NFC, as in earlier
 * versions.
 */
export type PasswordCheck = 'wrong' | 'right' | 'outdated_hash'

/**
 * Verifies the password in NFC, because keyboards write the same letter in several forms. It verifies the typed form,
 * too, if this form is not NFC. That depends on the typed text alone, so the duration reveals nothing about the user.
 */
export async function verifyPassword(
  passwords: Passwords,
  password: string,
  hash: string | undefined,
  priority: HashingPriority,
): Promise<PasswordCheck> {
  const normalized = password.normalize('NFC')
  if (await passwords.verify(normalized, hash, priority)) return 'right'
  return normalized !== password && (await passwords.verify(password, hash, priority)) ? 'outdated_hash' : 'wrong'
}
