/**
 * Removes old rows, so that the tables do not grow forever, and keeps the list of legal holds. A method with a `limit`
 * resolves to the number of removed rows, unless it says otherwise.
 */
export interface RetentionStore {
  /**
   * Removes expired tickets and refresh tokens, the sign-ins that have no token left, and reservations that their
   * processes did not release: at most `limit` rows of each kind. Later calls remove the others.
   */
  removeExpired(limit: number): Promise<number>
  /** Removes the spend of older days: that of each user and that of everybody together. The spend of events stays. */
  removeSpend(olderThanDays: number, limit: number): Promise<number>
  /** Removes older audit entries, the oldest first, except those of events under a legal hold. */
  removeAudit(olderThanDays: number, limit: number): Promise<number>
  /**
   * Makes sessions inactive that had no question for `idleHours`. Resolves to the number of questions of each of these
   * sessions. If two workers find a session at the same time, it is in the result of only one of them.
   */
  closeIdleSessions(idleHours: number, limit: number): Promise<number[]>
  /**
   * Removes sessions without activity for `olderThanDays`, with their messages and records. The asker's read position
   * in the event is also removed if it is as old, unless the asker has muted the event. Sessions with an unfinished
   * reply and sessions of events under a legal hold are kept. Resolves to the number of sessions that were found: fewer
   * than `limit` means that no more are left. A found session is kept if a question or a legal hold arrives meanwhile.
   */
  removeChats(olderThanDays: number, limit: number): Promise<number>
  /** Removes older records of model calls, with their prompts, except those of events under a legal hold. */
  removeCalls(olderThanDays: number, limit: number): Promise<number>
  /**
   * Removes older records of voice calls, flags, earlier versions of answers and documents, removed documents, and
   * changes of events, at most `limit` of each kind. It keeps the records of events under a legal hold.
   */
  removeRecords(olderThanDays: number, limit: number): Promise<number>
  /** Prevents every removal for the event until the hold is removed. A second hold on an event changes nothing. */
  addLegalHold(event_id: string, held_by: string): Promise<void>
  removeLegalHold(event_id: string): Promise<void>
  /** Lists the ids of the events under a legal hold. */
  listLegalHolds(): Promise<string[]>
}
