import type { HashingTurn, Passwords } from '../passwords.ts'

/** A right password is `outdated` if its hash was made of another Unicode form than NFC, as earlier versions did. */
export type PasswordCheck = 'wrong' | 'right' | 'outdated'

/**
 * Compares the password in NFC, because keyboards write the same letter in several forms. It compares a second time
 * only if the text is not in NFC. That does not depend on the user, so the duration reveals nothing about the user.
 */
export async function verifyPassword(
  passwords: Passwords,
  password: string,
  hash: string | undefined,
  turn: HashingTurn,
): Promise<PasswordCheck> {
  const normalized = password.normalize('NFC')
  if (await passwords.verify(normalized, hash, turn)) return 'right'
  return normalized !== password && (await passwords.verify(password, hash, turn)) ? 'outdated' : 'wrong'
}
