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
   * Removes sessions that nothing happened in for so long, with all that was said in them and about it, and how
   * far their owner has read the room, if that is as old. Not those with an
   * unfinished reply, nor those of events under a legal hold. How many sessions went.
   */
  removeChats(older_than_days: number, limit: number): Promise<number>
  /**
   * Removes what is kept beside what was said and is older: records of calls to models (with their prompts) and to voice, flags,
   * earlier versions of answers, changes of events. Not those of events under a legal hold. At most `limit` of each kind.
   */
  removeRecords(older_than_days: number, limit: number): Promise<number>
  /** Prevents every removal for the event until the hold is lifted. Repeating either call does nothing. */
  addLegalHold(event_id: string, held_by: string): Promise<void>
  removeLegalHold(event_id: string): Promise<void>
  listLegalHolds(): Promise<string[]>
}
