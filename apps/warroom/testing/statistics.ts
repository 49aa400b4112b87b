import { openMysql } from '@engineer-chat/adapters/mysql'
import {
  ANSWER_TIME_BOUNDS,
  type CallStatsByModel,
  createReplyStats,
  type ReplyStats,
} from '@engineer-chat/chat/operations'

const DAY_MS = 86_400_000
/** The rows get a time in the future, because a worker counts the current day again if its rows are old. */
const COUNTED_AHEAD_MS = 600_000

/** Stores statistics of two models for a month. The numbers are the same in each run, and lower at weekends. */
export async function seedStatistics(database_url: string, days = 30): Promise<void> {
  const mysql = openMysql(database_url, { connectionLimit: 1 })
  const rows: unknown[][] = []
  for (let daysAgo = 0; daysAgo < days; daysAgo += 1) {
    const at = new Date(Date.now() - daysAgo * DAY_MS)
    const day = at.toISOString().slice(0, 10)
    const activity = [0, 6].includes(at.getUTCDay()) ? 0.35 : 1
    const asked = Math.round((34 + 14 * Math.sin(daysAgo / 2.3) + (daysAgo === 11 ? 40 : 0)) * activity)
    const remoteStats = createStats(asked, daysAgo, daysAgo === 11 ? 0.22 : 0.03, 8)
    const localStats = createStats(Math.round(asked / 3), daysAgo, 0.05, 5)
    const calls: CallStatsByModel = { 'deepseek-v3': createCalls(remoteStats, 1.2), house: createCalls(localStats, 0) }
    const allModels = { sessions: Math.ceil(asked / 4), people: Math.ceil(asked / 9), calls }
    rows.push([day, '*', JSON.stringify(allModels)])
    rows.push([day, 'deepseek-v3-0324', JSON.stringify(remoteStats)], [day, 'qwen3:8b', JSON.stringify(localStats)])
  }
  await mysql.pool.query('DELETE FROM chat_days')
  await mysql.pool.query('INSERT INTO chat_days (day, model, figures, updated_at) VALUES ?', [
    rows.map((row) => [...row, new Date(Date.now() + COUNTED_AHEAD_MS)]),
  ])
  await mysql.close()
}

function createStats(replies: number, daysAgo: number, failedShare: number, slowestBucket: number): ReplyStats {
  const failed = Math.round(replies * failedShare)
  const cancelled = Math.round(replies * 0.06)
  const answered = replies - failed - cancelled
  const times = Array.from({ length: ANSWER_TIME_BOUNDS.length + 1 }, () => 0)
  for (let index = 0; index < answered; index += 1) {
    const bucket = Math.min(slowestBucket, 4 + ((index * 7 + daysAgo) % (slowestBucket - 3)))
    times[bucket] = (times[bucket] ?? 0) + 1
  }
  const up = Math.round(answered * 0.18)
  const down = Math.round(answered * (0.03 + (daysAgo % 5) / 100))
  const errors: Record<string, number> =
    failed === 0 ? {} : { llm_timeout: Math.ceil(failed / 2), llm_unavailable: Math.floor(failed / 2) }
  const sums = { replies, answered, cancelled, failed, errors, up, down, answer_ms: answered * 2_400 }
  return { ...createReplyStats(), ...sums, answer_times: times }
}

const createCalls = ({ replies, failed, cancelled }: ReplyStats, price: number) => ({
  made: replies + failed,
  failed,
  cancelled,
  prompt_tokens: replies * 3_100,
  completion_tokens: replies * 420,
  priced: price === 0 ? 0 : replies,
  cost_micros: Math.round(replies * 3_520 * price),
})
