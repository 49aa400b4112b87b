/** What keeps the tables from growing for ever. */
export interface Upkeep {
  /**
   * Removes expired tickets and refresh tokens, and the sign-ins that have no token left: at most `limit` rows of each
   * kind. How many went; what is left over goes with the next call.
   */
  removeExpired(limit: number): Promise<number>
}
