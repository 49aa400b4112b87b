/** Slow on purpose; asking for too many at once is refused. @throws ChatError unavailable */
export interface Passwords {
  hash(password: string): Promise<string>
  /** It takes the same time without a hash (an unknown user), and resolves to false. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}
