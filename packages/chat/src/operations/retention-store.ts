/** Removes old rows, so that the tables do not grow for ever. */
export interface RetentionStore {
  /**
   * Removes expired tickets and refresh tokens, and the sign-ins that have no token left: at most `limit` rows of each
   * kind. How many went; what is left over goes with the next call.
   */
  removeExpired(limit: number): Promise<number>
  /** Removes what users and everybody spent on days that are older; what was spent on an event stays. */
  removeSpend(older_than_days: number, limit: number): Promise<number>
  /** Removes the oldest lines of the audit beyond that age, those of events under a legal hold aside. */
  removeAudit(older_than_days: number, limit: number): Promise<number>
  /** Sessions without a question for so long are no longer anybody's active one. How many there were. */
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
  /** Nothing of the event is removed until the hold is lifted. Both are fine if it is so already. */
  addLegalHold(event_id: string, held_by: string): Promise<void>
  removeLegalHold(event_id: string): Promise<void>
  listLegalHolds(): Promise<string[]>
}
