/** What keeps the tables from growing for ever. */
export interface Upkeep {
  /**
   * Removes expired tickets and refresh tokens, and the sign-ins that have no token left: at most `limit` rows of each
   * kind. How many went; what is left over goes with the next call.
   */
  removeExpired(limit: number): Promise<number>
  /** Removes the oldest lines of the audit beyond that age, those of events under a legal hold aside. */
  removeAudit(older_than_days: number, limit: number): Promise<number>
}
