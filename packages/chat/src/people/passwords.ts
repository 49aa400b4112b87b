/**
 * Devices and networks that signed in before, and users who are signed in, take their turns before all others, so that
 * a flood of guesses delays only the others.
 */
export type HashingTurn = 'known' | 'unknown'

/** Hashing is slow on purpose, so a call is refused if too many wait already. @throws ChatError unavailable */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Resolves to false without a hash (an unknown user), and takes the same time. The turn is `known` if left out. */
  verify(password: string, hash: string | undefined, turn?: HashingTurn): Promise<boolean>
}
