/**
 * Hashing for known callers has a high priority, so that a flood of guesses delays only unknown callers. A caller is
 * known if they are signed in, or if they signed in from their device or network before.
 */
export type HashingPriority = 'high' | 'low'

/**
 * Hashes and verifies passwords. Both are slow on purpose, so a call is refused if too many calls are waiting.
 * @throws ChatError unavailable
 */
export interface Passwords {
  /** Hashes with high priority, because nobody sets a password before they have proved who they are. */
  hash(password: string): Promise<string>
  /** Without a hash (for an unknown user) it resolves to false after the same time. The default priority is `high`. */
  verify(password: string, hash: string | undefined, priority?: HashingPriority): Promise<boolean>
}
