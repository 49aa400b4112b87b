import { openMysql } from '@engineer-chat/adapters/mysql'
import {
  ANSWER_TIME_BOUNDS,
  type CallStatsByModel,
  createReplyStats,
  type ReplyStats,
} from '@engineer-chat/chat/operations'

const DAY_MS = 86_400_000
/**
 * `updated_at` is in the future, so that a worker that counts the current day does not replace these rows. It replaces
 * only rows whose `updated_at` is before the time of its count.
 */
const UPDATED_AHEAD_MS = 600_000
/** On this day there are more questions and failures than usual, so that the charts show a peak. */
const PEAK_DAYS_AGO = 11
const WEEKEND_SHARE = 0.35
/** Holds the index in `answer_times` of the fastest answers. */
const FASTEST_BUCKET = 4
const PROMPT_TOKENS_PER_REPLY = 3_100
const COMPLETION_TOKENS_PER_REPLY = 420

/** Stores statistics of two models for the last days. The numbers are the same in each run, and lower at weekends. */
export async function seedStatistics(databaseUrl: string, days = 30): Promise<void> {
  const mysql = openMysql(databaseUrl, { connectionLimit: 1 })
  const rows: unknown[][] = []
  for (let daysAgo = 0; daysAgo < days; daysAgo += 1) {
    const date = new Date(Date.now() - daysAgo * DAY_MS)
    const day = date.toISOString().slice(0, 10)
    const isWeekend = [0, 6].includes(date.getUTCDay())
    const isPeak = daysAgo === PEAK_DAYS_AGO
    const weekdayQuestions = 34 + 14 * Math.sin(daysAgo / 2.3) + (isPeak ? 40 : 0)
    const questions = Math.round(weekdayQuestions * (isWeekend ? WEEKEND_SHARE : 1))
    const remoteStats = createStats({
      replies: questions,
      daysAgo,
      failedShare: isPeak ? 0.22 : 0.03,
      slowestBucket: 8,
    })
    const localStats = createStats({ replies: Math.round(questions / 3), daysAgo, failedShare: 0.05, slowestBucket: 5 })
    // `calls` has the configured ids as keys; the rows have the names of the models that answered.
    const calls: CallStatsByModel = { 'deepseek-v3': createCalls(remoteStats, 1.2), house: createCalls(localStats, 0) }
    const allModels = { sessions: Math.ceil(questions / 4), people: Math.ceil(questions / 9), calls }
    rows.push([day, '*', JSON.stringify(allModels)])
    rows.push([day, 'deepseek-v3-0324', JSON.stringify(remoteStats)], [day, 'qwen3:8b', JSON.stringify(localStats)])
  }
  await mysql.pool.query('DELETE FROM chat_days')
  await mysql.pool.query('INSERT INTO chat_days (day, model, figures, updated_at) VALUES ?', [
    rows.map((row) => [...row, new Date(Date.now() + UPDATED_AHEAD_MS)]),
  ])
  await mysql.close()
}

interface StatsShape {
  replies: number
  daysAgo: number
  failedShare: number
  /** Holds the index in `answer_times` of the slowest answers. */
  slowestBucket: number
}

function createStats({ replies, daysAgo, failedShare, slowestBucket }: StatsShape): ReplyStats {
  const failed = Math.round(replies * failedShare)
  const cancelled = Math.round(replies * 0.06)
  const answered = replies - failed - cancelled
  const times = Array.from({ length: ANSWER_TIME_BOUNDS.length + 1 }, () => 0)
  // The answers are spread over the buckets from FASTEST_BUCKET to `slowestBucket`, on each day a little differently.
  for (let index = 0; index < answered; index += 1) {
    const bucket = FASTEST_BUCKET + ((index * 7 + daysAgo) % (slowestBucket - FASTEST_BUCKET + 1))
    times[bucket] = (times[bucket] ?? 0) + 1
  }
  const up = Math.round(answered * 0.18)
  const down = Math.round(answered * (0.03 + (daysAgo % 5) / 100))
  const errors: Record<string, number> =
    failed === 0 ? {} : { llm_timeout: Math.ceil(failed / 2), llm_unavailable: Math.floor(failed / 2) }
  const sums = { replies, answered, cancelled, failed, errors, up, down, answer_ms: answered * 2_400 }
  return { ...createReplyStats(), ...sums, answer_times: times }
}

const createCalls = ({ replies, failed, cancelled }: ReplyStats, microsPerToken: number) => ({
  made: replies + failed, // A failed reply has made two calls.
  failed,
  cancelled,
  prompt_tokens: replies * PROMPT_TOKENS_PER_REPLY,
  completion_tokens: replies * COMPLETION_TOKENS_PER_REPLY,
  priced: microsPerToken === 0 ? 0 : replies,
  cost_micros: Math.round(replies * (PROMPT_TOKENS_PER_REPLY + COMPLETION_TOKENS_PER_REPLY) * microsPerToken),
})
