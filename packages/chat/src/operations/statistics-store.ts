import type { CallStatsByModel } from './model-call-stats.ts'
import type { ReplyStats } from './reply-stats.ts'
import type { SessionEnds } from './session-stats.ts'

/** Holds the statistics of one day's questions and replies. It contains no ids and no text. */
export interface DayStats {
  /** The day is in UTC, as `2026-01-31`. */
  day: string
  /** Holds the time at which the count began. */
  counted_at: string
  /** Counts the sessions in which a question was asked. */
  sessions: number
  /** Counts the people who asked a question. */
  people: number
  session_ends: SessionEnds
  /**
   * Holds the stats of the replies by the model of their last call, under the name that the provider returned. For a
   * reply without a call it is the requested model, and null if none was requested.
   */
  models: Array<{ model: string | null; stats: ReplyStats }>
  /** Counts the calls for the day's questions by the model's id in the configuration, not by the name in `models`. */
  calls: CallStatsByModel
}

/** Stores statistics by day. So a query reads only one entry per day, and the statistics stay if chats are removed. */
export interface StatisticsStore {
  /**
   * Counts the current day and stores its statistics. Does the same for each ended day until one of its counts began at
   * least `settleDays` days after its end, because verdicts and retries may still come before that time. A count never
   * replaces a count that began later. Resolves to the number of counted days.
   */
  updateDayStats(settleDays: number): Promise<number>
  /** Lists the counted days from `from` to `to`, both included and in the form `2026-01-31`, the oldest first. */
  listDays(from: string, to: string): Promise<DayStats[]>
}
