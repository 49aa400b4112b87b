/** Hashing is slow on purpose, so a call is refused if too many wait already. @throws ChatError unavailable */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Resolves to false without a hash (an unknown user), and takes the same time. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}
