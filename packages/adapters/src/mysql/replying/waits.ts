import type { QueueFacts, SlotWaiter, WaitStore } from '@engineer-chat/chat/replying'
import { and, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { createExpiringCache, createRead, runTogether, type Statement, toDatabase } from '../core/index.ts'
import { messages, postponedReplies } from '../schema/index.ts'
import { selectAllWaiting, selectSlots } from './slots.ts'

/** Browsers ask every few seconds, so one read serves many browsers. */
const MAX_AGE_MS = 1_000
const MAX_MODELS = 100
/** The mean duration of a call is computed from the calls that ended in this time. */
const MEAN_WINDOW_S = 300
/** The queue's speed is computed from the calls that ended in this time, or in the longest wait if that is shorter. */
const RATE_WINDOW_MS = 60_000

export function createWaitStore(pool: Pool): WaitStore {
  const db = toDatabase(pool)
  const queues = createExpiringCache<QueueFacts>({ maxAgeMs: MAX_AGE_MS, maxEntries: MAX_MODELS })
  return {
    async listOwn(user_id, event_id) {
      return db
        .select({ message_id: postponedReplies.message_id, model_id: postponedReplies.model_id })
        .from(postponedReplies)
        .innerJoin(messages, eq(messages.message_id, postponedReplies.message_id))
        .where(
          and(
            eq(postponedReplies.user_id, user_id),
            eq(messages.event_id, event_id),
            isNotNull(messages.due_at),
            isNull(messages.lease_until),
          ),
        )
    },
    async readQueue(model_id) {
      const facts = await queues.get(model_id, () => readQueueFacts(pool, model_id))
      return facts ?? { slots: [], waiting: [], meanCallMs: null, endedCalls: 0, windowMs: RATE_WINDOW_MS }
    },
  }
}

async function readQueueFacts(pool: Pool, model_id: string): Promise<QueueFacts> {
  const [slots, waiting, nowMs] = await runTogether(pool, [
    selectSlots(model_id),
    selectAllWaiting(model_id),
    SELECT_NOW_MS,
  ])
  const windowMs = Math.min(RATE_WINDOW_MS, getLongestWaitMs(waiting, nowMs))
  const [calls] = await runTogether(pool, [selectCalls(model_id, windowMs)])
  return { slots, waiting, windowMs, ...calls }
}

const getLongestWaitMs = (waiting: SlotWaiter[], nowMs: number): number =>
  Math.max(1, ...waiting.map(({ acceptedAtMs }) => nowMs - acceptedAtMs))

const SELECT_NOW_MS: Statement<number> = createRead<{ nowMs: number }, number>(
  "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', NOW(3)) DIV 1000 AS nowMs",
  [],
  ([row]) => row?.nowMs ?? 0,
)

type CallFacts = Pick<QueueFacts, 'meanCallMs' | 'endedCalls'>

/** `0e0` turns the average, a DECIMAL, into a floating-point number. The driver would return a DECIMAL as text. */
const selectCalls = (model_id: string, windowMs: number): Statement<CallFacts> =>
  createRead<CallFacts, CallFacts>(
    `SELECT AVG(total_ms) + 0e0 AS meanCallMs,
       COUNT(IF(created_at > NOW(3) - INTERVAL ? * 1000 MICROSECOND, 1, NULL)) AS endedCalls
     FROM llm_calls FORCE INDEX (idx_created)
     WHERE created_at > NOW(3) - INTERVAL ? SECOND AND model_id = ? AND outcome = 'ok'`,
    [windowMs, MEAN_WINDOW_S, model_id],
    ([row]) => row ?? { meanCallMs: null, endedCalls: 0 },
  )
