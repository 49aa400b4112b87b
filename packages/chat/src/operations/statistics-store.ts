import type { CallStatsByModel } from './model-call-stats.ts'
import type { ReplyStats } from './reply-stats.ts'
import type { SessionEnds } from './session-stats.ts'

/** Holds the statistics of one day's questions and replies. It contains no ids and no text. */
export interface DayStats {
  /** The day is in UTC, as `2026-01-31`. */
  day: string
  counted_at: string
  /** Counts the sessions in which a question was asked. */
  sessions: number
  /** Counts the people who asked a question. */
  people: number
  session_ends: SessionEnds
  /** Holds the figures of each model. A null model means replies for which no model was requested and none called. */
  models: Array<{ model: string | null; figures: ReplyStats }>
  /** Counts the calls for the day's questions, by the id of the configured model. */
  calls: CallStatsByModel
}

/**
 * Stores statistics by day, so that a query reads only one entry per day, and the statistics remain after chats are
 * removed.
 */
export interface StatisticsStore {
  /**
   * Stores the statistics of the current day and of all ended days that have none. Days that ended less than
   * `settleDays` ago are counted again, because verdicts and retries may still come. A count never replaces one that
   * began later. Resolves to the number of counted days.
   */
  updateDayStats(settleDays: number): Promise<number>
  /** Lists the counted days from `from` to `to`, both included and in the form `2026-01-31`, the oldest first. */
  listDays(from: string, to: string): Promise<DayStats[]>
}
