import type { CallStatsByModel } from './model-call-stats.ts'
import type { ReplyStats } from './reply-stats.ts'
import type { SessionEnds } from './session-stats.ts'

/** Holds the statistics of one day's questions and replies. It contains no ids and no text. */
export interface DayStats {
  /** The day is in UTC, as `2026-01-31`. */
  day: string
  counted_at: string
  sessions: number
  people: number
  session_ends: SessionEnds
  /** Null means that no model was called and the user asked for none. */
  models: Array<{ model: string | null; figures: ReplyStats }>
  /** Counts the calls for the day's questions, by the id of the configured model. */
  calls: CallStatsByModel
}

/**
 * Stores statistics by day, so that a read needs only one entry per day, and the statistics stay after chats are
 * removed.
 */
export interface StatisticsStore {
  /**
   * Counts the current day and all ended days without a count. It counts again the days that ended less than
   * `settleDays` ago, because verdicts and retries may still come. A count never replaces one that began later.
   * Resolves to the number of days.
   */
  countDays(settleDays: number): Promise<number>
  /** Lists the days that have been counted, the oldest first. */
  listDays(from: string, to: string): Promise<DayStats[]>
}
