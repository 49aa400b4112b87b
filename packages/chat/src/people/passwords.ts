/** Slow on purpose; asking for too many at once is refused. @throws ChatError unavailable */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Without a hash (an unknown user) it costs the same and is false. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}
