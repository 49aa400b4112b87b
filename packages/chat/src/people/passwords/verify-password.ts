import type { HashingTurn, Passwords } from '../passwords.ts'

/** A right password is `outdated` if its hash was made of another Unicode form than NFC, as versions before did. */
export type PasswordCheck = 'wrong' | 'right' | 'outdated'

/**
 * Compares the password in NFC, because keyboards write the same letter in several forms. It takes a second try only
 * for a text that is not in NFC, whatever the user, so that its duration says nothing of the user.
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
