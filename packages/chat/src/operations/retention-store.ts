/** Removes old rows, so that the tables do not grow for ever. */
export interface RetentionStore {
  /**
   * Removes expired tickets and refresh tokens, and the sign-ins that have no token left: at most `limit` rows of each
   * kind. Resolves to the number of removed rows; the next call removes the rest.
   */
  removeExpired(limit: number): Promise<number>
  /** Removes the spend of users and of everybody on older days; an event's spend stays. */
  removeSpend(older_than_days: number, limit: number): Promise<number>
  /** Removes the oldest audit entries beyond that age, except those of events under a legal hold. */
  removeAudit(older_than_days: number, limit: number): Promise<number>
  /** Ends the active state of sessions without a question in that time. Resolves to their number. */
  closeIdleSessions(idle_hours: number, limit: number): Promise<number>
  /**
   * Removes sessions without activity in that time, with their messages and records, and old read positions of their
   * owners. It keeps sessions with an unfinished reply and events under a legal hold. Resolves to the number of
   * removed sessions.
   */
  removeChats(older_than_days: number, limit: number): Promise<number>
  /**
   * Removes older records of model calls (with their prompts), of voice calls, flags, earlier versions of answers and
   * changes of events, at most `limit` of each kind. It keeps those of events under a legal hold.
   */
  removeRecords(older_than_days: number, limit: number): Promise<number>
  /** Prevents every removal for the event until the hold is lifted. Repeating either call does nothing. */
  addLegalHold(event_id: string, held_by: string): Promise<void>
  removeLegalHold(event_id: string): Promise<void>
  listLegalHolds(): Promise<string[]>
}
