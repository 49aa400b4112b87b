/**
 * Removes old rows, so that the tables do not grow forever, and keeps the list of legal holds. "Older" means older than
 * `olderThanDays`. A method with a `limit` removes at most that many rows, and leaves the others to later calls. It
 * resolves to the number of removed rows. Its comment says so if the limit or the number counts something else.
 */
export interface RetentionStore {
  /**
   * Removes expired tickets, expired refresh tokens, and sign-ins without a refresh token. Also releases the
   * reservations that their processes did not release. The limit is for each of these four kinds. Resolves to the sum.
   */
  removeExpired(limit: number): Promise<number>
  /** Removes the spend of older days, both of single users and of everybody together. The spend of events stays. */
  removeSpend(olderThanDays: number, limit: number): Promise<number>
  /** Removes older audit entries, the oldest first, except those of events under a legal hold. */
  removeAudit(olderThanDays: number, limit: number): Promise<number>
  /**
   * Makes at most `limit` sessions inactive that got no question and were not shared for `idleHours`. Resolves to a list
   * with one number for each of these sessions: how many questions it has. If two workers find the same session at the
   * same time, only one of them gets its number.
   */
  closeIdleSessions(idleHours: number, limit: number): Promise<number[]>
  /**
   * Removes sessions without activity for `olderThanDays`, with their messages and records. The asker's read position
   * in the event is removed, too, if it has not changed for `olderThanDays` and the asker has not muted the event.
   * Sessions with an unfinished reply and sessions of events under a legal hold are kept. The limit is for sessions.
   * Resolves to the number of sessions that were found to be old. Fewer than `limit` means that no others are left. A
   * session that was found is still kept if a question or a legal hold arrives before its removal.
   */
  removeChats(olderThanDays: number, limit: number): Promise<number>
  /** Removes older records of model calls, with their prompts, except those of events under a legal hold. */
  removeCalls(olderThanDays: number, limit: number): Promise<number>
  /**
   * Removes older records of six kinds, at most `limit` of each kind: voice calls, flags, earlier versions of answers,
   * earlier versions of documents, removed documents, and changes of events. It keeps the records of events under a legal
   * hold.
   */
  removeRecords(olderThanDays: number, limit: number): Promise<number>
  /**
   * Puts the event under a legal hold: its sessions, audit entries and records are kept until the hold is removed.
   * `held_by` is the id of a user. A second hold on the same event changes nothing.
   */
  addLegalHold(event_id: string, held_by: string): Promise<void>
  removeLegalHold(event_id: string): Promise<void>
  /** Lists the ids of the events under a legal hold. */
  listLegalHolds(): Promise<string[]>
}
