import {
  ANSWER_TIME_BOUNDS,
  addReplyGroup,
  type CallStats,
  countSessionEnds,
  createReplyStats,
  type DayStats,
  type ReplyEnd,
  type ReplyGroup,
  type ReplyStats,
} from '@engineer-chat/chat/operations'
import { and, asc, count, eq, gte, isNotNull, lt, max, min, type SQL, sql } from 'drizzle-orm'
import { alias, type MySqlColumn } from 'drizzle-orm/mysql-core'
import type { Database } from '../core/index.ts'
import { feedback, llmCalls, messages } from '../schema/index.ts'

/** One statement reads the rows of this many ids, so that it ends soon even for a day with many questions. */
const IDS_PER_STATEMENT = 20_000
/** A row gets its id up to this long after its `created_at`, because its transaction may wait for locks in between. */
const SLACK = sql`INTERVAL 10 MINUTE`

/**
 * Counts the replies, sessions, people and calls between two instants. `messages` has no index by time, because every
 * insert would have to maintain it. Newer rows have higher ids, so the rows are found by id.
 */
export async function countReplies(
  db: Database,
  from: string,
  to: string,
): Promise<Omit<DayStats, 'day' | 'counted_at'>> {
  const models = new Map<string, ReplyStats>()
  const calls = new Map<string, CallStats>()
  const lastReplyEnds = new Map<string | null, ReplyEnd>()
  const people = new Set<string | null>()
  const endId = await findFirstId(db, sql`${to} + ${SLACK}`)
  for (let firstId = await findFirstId(db, sql`${from} - ${SLACK}`); firstId < endId; firstId += IDS_PER_STATEMENT) {
    const condition = createRangeCondition(firstId, Math.min(firstId + IDS_PER_STATEMENT, endId), from, to)
    for (const { model, ...group } of await listReplyGroups(db, condition, from)) {
      const stats = models.get(model) ?? createReplyStats()
      models.set(model, stats)
      addReplyGroup(stats, group)
    }
    for (const { chat_session_id, user_id, end } of await listLastReplies(db, condition)) {
      lastReplyEnds.set(chat_session_id, end) // A higher range of ids has the later reply.
      people.add(user_id)
    }
    for (const { model_id, ...stats } of await listCallStats(db, condition, from)) {
      const earlier = calls.get(model_id)
      calls.set(model_id, earlier ? addCallStats(earlier, stats) : stats)
    }
  }
  return {
    sessions: lastReplyEnds.size,
    people: people.size,
    session_ends: countSessionEnds(lastReplyEnds.values()),
    models: [...models].map(([model, stats]) => ({ model: model || null, stats })),
    calls: Object.fromEntries(calls),
  }
}

const addCallStats = (a: CallStats, b: CallStats): CallStats => ({
  made: a.made + b.made,
  failed: a.failed + b.failed,
  cancelled: a.cancelled + b.cancelled,
  prompt_tokens: a.prompt_tokens + b.prompt_tokens,
  completion_tokens: a.completion_tokens + b.completion_tokens,
  priced: a.priced + b.priced,
  cost_micros: a.cost_micros + b.cost_micros,
})

const BY_ID = { forceIndex: 'uq_id' }

/** Builds the condition for the replies in a range of ids, without `endId`, that were created between two instants. */
const createRangeCondition = (firstId: number, endId: number, from: string, to: string): SQL | undefined =>
  and(
    gte(messages.id, firstId),
    lt(messages.id, endId),
    sql`${messages.created_at} >= ${from}`,
    sql`${messages.created_at} < ${to}`,
    isNotNull(messages.reply_to),
  )

/** Lists the last reply of each session. These replies name all askers of the range: a session has one asker. */
function listLastReplies(db: Database, condition: SQL | undefined) {
  const last = db
    .select({ id: sql<number>`MAX(${messages.id})`.as('last_id') })
    .from(messages, BY_ID)
    .where(condition)
    .groupBy(messages.chat_session_id)
    .as('last')
  return db
    .select({ chat_session_id: messages.chat_session_id, user_id: messages.user_id, end: END })
    .from(last)
    .innerJoin(messages, eq(messages.id, last.id))
}

/** Selects a sum as a number, because sums arrive as text. Without rows a sum is null, which becomes 0. */
const sum = (expression: SQL | MySqlColumn): SQL<number> => sql`COALESCE(SUM(${expression}), 0)`.mapWith(Number)

const MODEL_ID = sql<string>`COALESCE(${llmCalls.model_id}, ${llmCalls.model})`

/**
 * A call is made after its question is asked, so this condition keeps MySQL out of the partitions of earlier months.
 */
const isCallSince = (created_at: MySqlColumn, from: string): SQL => sql`${created_at} >= ${from} - ${SLACK}`

const listCallStats = (db: Database, condition: SQL | undefined, from: string) =>
  db
    .select({
      model_id: MODEL_ID,
      made: count(),
      failed: sum(eq(llmCalls.outcome, 'failed')),
      cancelled: sum(eq(llmCalls.outcome, 'cancelled')),
      prompt_tokens: sum(llmCalls.prompt_tokens),
      completion_tokens: sum(llmCalls.completion_tokens),
      priced: count(llmCalls.cost_micros),
      cost_micros: sum(llmCalls.cost_micros),
    })
    .from(messages, BY_ID)
    .innerJoin(llmCalls, and(eq(llmCalls.message_id, messages.message_id), isCallSince(llmCalls.created_at, from)))
    .where(condition)
    .groupBy(MODEL_ID)

/** Groups the replies by model, end, error and answer time. Model and answer time are those of a reply's last call. */
async function listReplyGroups(
  db: Database,
  condition: SQL | undefined,
  from: string,
): Promise<Array<ReplyGroup & { model: string }>> {
  const replies = selectReplies(db, condition, from).as('replies')
  // MySQL's function INTERVAL counts the bounds that are not above the time.
  const bucket = sql<number | null>`IF(${replies.answer_ms} IS NULL, NULL,
    INTERVAL(${replies.answer_ms}, ${sql.raw(ANSWER_TIME_BOUNDS.join(', '))}))`.as('bucket')
  return db
    .select({
      model: replies.model,
      end: replies.end,
      error_code: replies.error_code,
      bucket,
      replies: count(),
      up: sum(sql`${replies.rating} = 'up'`),
      down: sum(sql`${replies.rating} = 'down'`),
      answer_ms: sum(sql`${replies.answer_ms}`),
    })
    .from(replies)
    .groupBy(replies.model, replies.end, replies.error_code, bucket)
}

const FINISH_REASON = sql`JSON_VALUE(${messages.message_content}, '$.finish_reason') COLLATE utf8mb4_bin`
const ERROR_CODE = sql`JSON_VALUE(${messages.message_content}, '$.error.code') COLLATE utf8mb4_bin`
const IS_ERROR = eq(messages.message_type, 'error')
const END = sql<ReplyEnd>`CASE WHEN ${messages.due_at} IS NOT NULL THEN 'unfinished'
  WHEN ${IS_ERROR} THEN 'failed' WHEN ${FINISH_REASON} = 'cancelled' THEN 'cancelled' ELSE 'answered' END`

function selectReplies(db: Database, condition: SQL | undefined, from: string) {
  const latest = alias(llmCalls, 'latest')
  const lastCall = db
    .select({ id: max(latest.id) })
    .from(latest)
    .where(and(eq(latest.message_id, messages.message_id), isCallSince(latest.created_at, from)))
  return db
    .select({
      model: sql<string>`COALESCE(${llmCalls.model}, ${messages.model}, '')`.as('model'),
      rating: feedback.rating,
      end: END.as('reply_end'),
      error_code: sql<string | null>`IF(${IS_ERROR}, COALESCE(${ERROR_CODE}, 'internal'), NULL)`.as('error_code'),
      answer_ms: sql<number | null>`IF(${messages.due_at} IS NULL AND ${messages.message_type} = 'chat'
        AND ${llmCalls.outcome} = 'ok', ${llmCalls.total_ms}, NULL)`.as('answer_ms'),
    })
    .from(messages, BY_ID)
    .leftJoin(llmCalls, and(sql`${llmCalls.id} = ${lastCall}`, isCallSince(llmCalls.created_at, from)))
    .leftJoin(feedback, and(eq(feedback.message_id, messages.message_id), eq(feedback.user_id, messages.user_id)))
    .where(condition)
}

/** Finds the lowest id whose row is not older than this time, by binary search. */
async function findFirstId(db: Database, since: SQL): Promise<number> {
  const [idRange] = await db.select({ low: min(messages.id), high: max(messages.id) }).from(messages)
  let [low, high] = [idRange?.low ?? 0, (idRange?.high ?? -1) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [row] = await db
      .select({ id: messages.id, isOlder: sql`${messages.created_at} < ${since}`.mapWith(Boolean) })
      .from(messages, BY_ID)
      .where(gte(messages.id, middle))
      .orderBy(asc(messages.id))
      .limit(1)
    if (row?.isOlder) low = row.id + 1
    else high = middle
  }
  return low
}
