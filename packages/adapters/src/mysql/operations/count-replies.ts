import {
  ANSWER_TIME_BOUNDS,
  addGroup,
  type CallStats,
  createReplyStats,
  type DayStats,
  type ReplyGroup,
  type ReplyStats,
} from '@engineer-chat/chat/operations'
import type { Pool } from 'mysql2/promise'
import { queryRow, queryRows } from '../core/index.ts'

/** One statement looks at this many rows, so that each is soon over, however busy the day was. */
const AT_ONCE = 20_000
/** A row gets its id a moment after its time, while it waits for its room. */
const SLACK = 'INTERVAL 10 MINUTE'

/**
 * Counts the questions between two instants. No index by time is used: ids rise with time, and every send pays for an
 * index.
 */
export async function countReplies(
  pool: Pool,
  from: string,
  to: string,
): Promise<Pick<DayStats, 'sessions' | 'people' | 'models' | 'calls'>> {
  const models = new Map<string, ReplyStats>()
  const calls = new Map<string, CallStats>()
  const sessions = new Set<string>()
  const people = new Set<string>()
  const end = await findFirstId(pool, `? + ${SLACK}`, to)
  for (let id = await findFirstId(pool, `? - ${SLACK}`, from); id < end; id += AT_ONCE) {
    const slice = [id, Math.min(id + AT_ONCE, end), from, to]
    const found = await queryRows<AlikeRow>(pool, ALIKE, slice)
    for (const alike of found) {
      const figures = models.get(alike.model) ?? createReplyStats()
      models.set(alike.model, figures)
      addGroup(figures, toReplyGroup(alike))
    }
    const asking = await queryRows<{ chat_session_id: string; user_id: string }>(pool, ASKING, slice)
    for (const { chat_session_id, user_id } of asking) {
      sessions.add(chat_session_id)
      people.add(user_id)
    }
    const called = await queryRows<CallRow>(pool, CALLS, slice)
    for (const { model_id, ...row } of called) {
      const more = Object.entries(row).map(([name, value]) => [
        name,
        Number(value) + (calls.get(model_id)?.[name as keyof CallStats] ?? 0),
      ])
      calls.set(model_id, Object.fromEntries(more))
    }
  }
  return {
    sessions: sessions.size,
    people: people.size,
    models: [...models].map(([model, figures]) => ({ model: model || null, figures })),
    calls: Object.fromEntries(calls),
  }
}

/** Sums arrive as text. */
type CallRow = { model_id: string } & Record<keyof CallStats, string | number>

interface AlikeRow {
  model: string
  ending: ReplyGroup['end']
  error_code: string | null
  bucket: number | null
  replies: number
  up: string
  down: string
  sum_ms: string
}

/** Sums arrive as text, because they may be longer than a number. */
const toReplyGroup = ({ ending, error_code, bucket, replies, up, down, sum_ms }: AlikeRow): ReplyGroup => ({
  end: ending,
  error_code,
  bucket,
  replies,
  up: Number(up),
  down: Number(down),
  answer_ms: Number(sum_ms),
})

const SLICE = 'messages m FORCE INDEX (uq_id)'
const OF_SLICE = 'm.id >= ? AND m.id < ? AND m.created_at >= ? AND m.created_at < ? AND m.reply_to IS NOT NULL'

const ASKING = `SELECT DISTINCT m.chat_session_id, m.user_id FROM ${SLICE} WHERE ${OF_SLICE}`

const CALLS = `
  SELECT COALESCE(c.model_id, c.model) AS model_id, COUNT(*) AS made, SUM(c.outcome = 'failed') AS failed,
    SUM(c.outcome = 'cancelled') AS cancelled, COALESCE(SUM(c.prompt_tokens), 0) AS prompt_tokens,
    COALESCE(SUM(c.completion_tokens), 0) AS completion_tokens, COUNT(c.cost_micros) AS priced,
    COALESCE(SUM(c.cost_micros), 0) AS cost_micros
  FROM ${SLICE} JOIN llm_calls c ON c.message_id = m.message_id WHERE ${OF_SLICE} GROUP BY COALESCE(c.model_id, c.model)`

const ALIKE = `
  SELECT model, ending, error_code,
    IF(answer_ms IS NULL, NULL, INTERVAL(answer_ms, ${ANSWER_TIME_BOUNDS.join(', ')})) AS bucket,
    COUNT(*) AS replies, COALESCE(SUM(rating = 'up'), 0) AS up, COALESCE(SUM(rating = 'down'), 0) AS down,
    COALESCE(SUM(answer_ms), 0) AS sum_ms
  FROM (
    SELECT COALESCE(c.model, m.model, '') AS model, f.rating,
      CASE WHEN m.due_at IS NOT NULL THEN 'unfinished' WHEN m.message_type = 'error' THEN 'failed'
        WHEN JSON_VALUE(m.message_content, '$.finish_reason') COLLATE utf8mb4_bin = 'cancelled' THEN 'cancelled' ELSE 'answered' END AS ending,
      IF(m.message_type = 'error', COALESCE(JSON_VALUE(m.message_content, '$.error.code') COLLATE utf8mb4_bin, 'internal'), NULL)
        AS error_code,
      IF(m.due_at IS NULL AND m.message_type = 'chat' AND c.outcome = 'ok', c.total_ms, NULL) AS answer_ms
    FROM ${SLICE}
    LEFT JOIN llm_calls c ON c.id = (SELECT MAX(latest.id) FROM llm_calls latest WHERE latest.message_id = m.message_id)
    LEFT JOIN feedback f ON f.message_id = m.message_id AND f.user_id = m.user_id
    WHERE ${OF_SLICE}
  ) replies
  GROUP BY model, ending, error_code, bucket`

/** Finds the first row that isn't older, by binary search. */
async function findFirstId(pool: Pool, since: string, day: string): Promise<number> {
  const all = await queryRow<{ low: number | null; high: number | null }>(
    pool,
    'SELECT MIN(id) AS low, MAX(id) + 1 AS high FROM messages',
  )
  let [low, high] = [Number(all.low), Number(all.high)]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await queryRows<{ id: number; is_older: number }>(
      pool,
      `SELECT id, created_at < ${since} AS is_older FROM messages FORCE INDEX (uq_id) WHERE id >= ? ORDER BY id LIMIT 1`,
      [day, middle],
    )
    if (row?.is_older) low = Number(row.id) + 1
    else high = middle
  }
  return low
}
