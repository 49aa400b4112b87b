import { type BudgetLimits, NO_SPEND, type Spend } from '@engineer-chat/chat/budgets'
import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { LlmCall, ReplyStore } from '@engineer-chat/chat/replying'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { reserveSpend, type Spender, settleSpend } from '../budgets/index.ts'
import { createSharedRoundTrips, executeRows, queryRows, type Tx, toIso, transaction } from '../core/index.ts'
import { createQuestionReader, findReplyContext } from '../prompting/index.ts'
import { createGroupedClaim } from './claim.ts'
import { createGroupedFinish } from './finish.ts'
import { createGroupedRenewal, IS_CLAIMED, IS_UNFINISHED, LEASE, NOW_PLUS_MS } from './lease.ts'
import { createGroupedCallRecorder, insertCalls } from './llm-calls.ts'
import { forgetEndedPostponements, postponeReply } from './postpone.ts'
import { createSlotFactsReader, settleSlot, takeSlot } from './slots.ts'

export function createReplyStore(pool: Pool, limits: BudgetLimits = {}, facts?: EventFactsCache): ReplyStore {
  const hasBudgets = Object.keys(limits).length > 0
  const recordCall = createGroupedCallRecorder(pool)
  const findQuestion = createQuestionReader(pool)
  const send = createSharedRoundTrips(pool)
  return {
    claim: createGroupedClaim(pool),
    findContext: (message_id, contextLimits) =>
      findReplyContext({ pool, send, facts, findQuestion }, message_id, contextLimits),
    renew: createGroupedRenewal(pool),
    async startNextAttempt(ref, leaseMs) {
      const isStillClaimed = await updateClaimed(pool, ref, `attempt = attempt + 1, ${LEASE}`, [leaseMs, leaseMs])
      return isStillClaimed ? { ...ref, attempt: ref.attempt + 1 } : undefined
    },
    finish: createGroupedFinish(pool, limits),
    async release(ref) {
      const released = await updateClaimed(
        pool,
        ref,
        'lease_until = NULL, due_at = NOW(3), tries = GREATEST(tries, 1) - 1',
      )
      return released ? ref : undefined
    },
    postpone: (ref, plan) => postponeReply(pool, ref, plan),
    takeSlot: (ref, request) => takeSlot(pool, ref, request),
    settleSlot: (ref, model_id, tokens) => settleSlot(pool, ref, model_id, tokens),
    findSlotFacts: createSlotFactsReader(pool),
    forgetEndedPostponements: () => forgetEndedPostponements(pool),
    takeDue: (limit, againAfterMs) => takeDue(pool, limit, againAfterMs),
    reserve: async (ref, amount) => !hasBudgets || transaction(pool, (tx) => reserveFor(tx, limits, ref, amount)),
    recordCall: (call) => (hasBudgets ? transaction(pool, (tx) => bookCallSpend(tx, limits, call)) : recordCall(call)),
  }
}

/** Is true while the worker's claim is the latest one. Its values are the reply's id and the fence token. */
const IS_CLAIMED_BY_US = `message_id = ? AND attempt = ? AND ${IS_CLAIMED}`

async function updateClaimed(pool: Pool, ref: ReplyRef, set: string, values: number[] = []): Promise<boolean> {
  const [written] = await pool.execute<ResultSetHeader>(`UPDATE messages SET ${set} WHERE ${IS_CLAIMED_BY_US}`, [
    ...values,
    ref.message_id,
    ref.attempt,
  ])
  return written.affectedRows === 1
}

/** Two concurrent sweeps may find the same reply. Their jobs have the same id, so the second one is not added. */
async function takeDue(pool: Pool, limit: number, againAfterMs: number): Promise<ReplyRef[]> {
  const dueReplies = await queryRows<ReplyRef>(
    pool,
    `SELECT m.message_id, m.attempt FROM messages m FORCE INDEX (idx_due)
     WHERE m.due_at <= NOW(3) AND NOT EXISTS (
       SELECT 1 FROM messages earlier FORCE INDEX (idx_chat_session)
       WHERE earlier.chat_session_id = m.chat_session_id AND earlier.position < m.position
         AND earlier.${IS_UNFINISHED})
     ORDER BY m.due_at LIMIT ?`,
    [limit],
  )
  if (dueReplies.length === 0) return []
  await pool.query(`UPDATE messages SET due_at = ${NOW_PLUS_MS} WHERE message_id IN (?) AND due_at <= NOW(3)`, [
    againAfterMs,
    dueReplies.map(({ message_id }) => message_id),
  ])
  return dueReplies.map(({ message_id, attempt }) => ({ message_id, attempt }))
}

type SpenderRow = Spender & { now: string }

async function reserveFor(tx: Tx, limits: BudgetLimits, ref: ReplyRef, amount: Spend): Promise<boolean> {
  const [spender] = await executeRows<SpenderRow>(
    tx,
    `SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE ${IS_CLAIMED_BY_US} FOR UPDATE`,
    [ref.message_id, ref.attempt],
  )
  return spender !== undefined && !(await reserveSpend(tx, limits, spender, ref, amount, toIso(spender.now)))
}

async function bookCallSpend(tx: Tx, limits: BudgetLimits, call: LlmCall): Promise<void> {
  await insertCalls(tx, [call])
  if (call.keepsReservation) return
  const [spender] = await executeRows<SpenderRow>(
    tx,
    'SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE message_id = ?',
    [call.message_id],
  )
  if (spender) await settleSpend(tx, limits, spender, call, call.spent ?? NO_SPEND, spender.now.slice(0, 10))
}
