/**
 * Hashing for known callers comes first, so that a flood of guesses delays only unknown callers. A caller is known if
 * they are signed in, or if they signed in from their device or network before.
 */
export type HashingTurn = 'known' | 'unknown'

/** Hashing is slow on purpose, so a call is refused if too many calls are waiting. @throws ChatError unavailable */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a hash (for an unknown user) it resolves to false after the same time. The default turn is `known`. */
  verify(password: string, hash: string | undefined, turn?: HashingTurn): Promise<boolean>
}
