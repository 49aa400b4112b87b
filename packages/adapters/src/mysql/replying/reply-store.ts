import { type BudgetLimits, NO_SPEND, type Spend } from '@engineer-chat/chat/budgets'
import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { FinishResult, LlmCall, ReplyOutcome, ReplyStore } from '@engineer-chat/chat/replying'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { type Asker, releaseReservation, reserveSpend, settleSpend } from '../budgets/index.ts'
import {
  BEGIN,
  COMMIT,
  executeRows,
  queryRows,
  runTogether,
  selectRoomOfMessage,
  type TableRow,
  type Tx,
  toIso,
  transaction,
  transactionOfRoundTrips,
} from '../core/index.ts'
import { findReplyContext } from '../prompting/index.ts'
import { storeFlag } from '../reviews/index.ts'
import { changeMessage, type MessageChange } from '../rooms/index.ts'
import type { messages } from '../schema/index.ts'
import { claimReply } from './claim.ts'
import { findRequestId } from './find-request.ts'
import { createGroupedRecorder, insertCalls } from './llm-calls.ts'
import { forgetEndedPostponements, postponeReply } from './postpone.ts'
import { createSlotFactsReader, settleSlot, takeSlot } from './slots.ts'
import { selectEarliestOfSameSession } from './unfinished-reply.ts'

export function createReplyStore(pool: Pool, limits: BudgetLimits = {}, facts?: EventFactsCache): ReplyStore {
  const hasBudgets = Object.keys(limits).length > 0
  const record = createGroupedRecorder(pool)
  return {
    claim: (message_id, leaseMs) => claimReply(pool, message_id, leaseMs),
    findRequestId: (reply) => findRequestId(pool, reply),
    findContext: (message_id, scope) => findReplyContext({ pool, facts }, message_id, scope),
    renew: (ref, leaseMs) => renew(pool, ref, leaseMs),
    async startNextAttempt(ref, leaseMs) {
      const isStillClaimed = await updateHeld(pool, ref, `attempt = attempt + 1, ${LEASE}`, [leaseMs, leaseMs])
      return isStillClaimed ? { ...ref, attempt: ref.attempt + 1 } : undefined
    },
    finish: (ref, outcome) => finish(pool, limits, ref, outcome),
    async release(ref) {
      const released = await updateHeld(
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
    recordCall: (call) => (hasBudgets ? transaction(pool, (tx) => bookCallSpend(tx, limits, call)) : record(call)),
  }
}

const IN_MS = 'NOW(3) + INTERVAL ? * 1000 MICROSECOND'
/** Takes the milliseconds twice, as two values. The sweep reads the reply when its lease has expired. */
const LEASE = `lease_until = ${IN_MS}, due_at = ${IN_MS}`
/** Takes the fence token's two values. A reply that was released, taken over or finished matches no token. */
const HELD = 'message_id = ? AND attempt = ? AND due_at IS NOT NULL AND lease_until IS NOT NULL'

async function updateHeld(pool: Pool, ref: ReplyRef, set: string, values: number[] = []): Promise<boolean> {
  const [written] = await pool.execute<ResultSetHeader>(`UPDATE messages SET ${set} WHERE ${HELD}`, [
    ...values,
    ref.message_id,
    ref.attempt,
  ])
  return written.affectedRows === 1
}

async function renew(pool: Pool, ref: ReplyRef, leaseMs: number): ReturnType<ReplyStore['renew']> {
  const held = await updateHeld(pool, ref, LEASE, [leaseMs, leaseMs])
  if (!held) return { held, cancel_requested: false }
  const [row] = await executeRows<Pick<TableRow<typeof messages>, 'cancel_requested'>>(
    pool,
    'SELECT cancel_requested FROM messages WHERE message_id = ?',
    [ref.message_id],
  )
  return { held, cancel_requested: Boolean(row?.cancel_requested) }
}

/** Writes the row under the room's lock if the fence token matches, and only then spends a number. */
const finish = (
  pool: Pool,
  limits: BudgetLimits,
  ref: ReplyRef,
  outcome: ReplyOutcome,
): Promise<FinishResult | undefined> =>
  transactionOfRoundTrips(pool, async (tx) => {
    const [, room] = await runTogether(tx, [BEGIN, selectRoomOfMessage(ref.message_id)])
    const finished = room && (await changeMessage(tx, room, ref.message_id, toFinalChange(ref, outcome)))
    if (finished) {
      await releaseReservation(tx, limits, ref.message_id)
      if (outcome.findings?.length) await storeFlag(tx, ref, outcome.findings)
    }
    const [job] = await runTogether(tx, [selectEarliestOfSameSession(ref.message_id), COMMIT])
    return finished && { ...finished, job }
  })

const toFinalChange = ({ attempt }: ReplyRef, { type, content }: ReplyOutcome): MessageChange => ({
  set: `message_type = ?, message_content = ?, message_from = ?, sender_type = ?,
    lease_until = NULL, due_at = NULL, cancel_requested = FALSE`,
  values: [type, JSON.stringify(content), ...(type === 'error' ? ['system', 'system'] : ['ai_assistant', 'ai'])],
  where: 'attempt = ? AND due_at IS NOT NULL AND lease_until IS NOT NULL',
  whereValues: [attempt],
})

/** Two concurrent sweeps find the same replies. Their jobs have the same id, so adding one twice does nothing. */
async function takeDue(pool: Pool, limit: number, againAfterMs: number): Promise<ReplyRef[]> {
  const dueReplies = await queryRows<ReplyRef>(
    pool,
    `SELECT m.message_id, m.attempt FROM messages m FORCE INDEX (idx_due)
     WHERE m.due_at <= NOW(3) AND NOT EXISTS (
       SELECT 1 FROM messages earlier FORCE INDEX (idx_chat_session)
       WHERE earlier.chat_session_id = m.chat_session_id AND earlier.position < m.position
         AND earlier.due_at IS NOT NULL)
     ORDER BY m.due_at LIMIT ?`,
    [limit],
  )
  if (dueReplies.length === 0) return []
  await pool.query(`UPDATE messages SET due_at = ${IN_MS} WHERE message_id IN (?) AND due_at <= NOW(3)`, [
    againAfterMs,
    dueReplies.map(({ message_id }) => message_id),
  ])
  return dueReplies.map(({ message_id, attempt }) => ({ message_id, attempt }))
}

type AskerRow = Asker & { now: string }

async function reserveFor(tx: Tx, limits: BudgetLimits, ref: ReplyRef, amount: Spend): Promise<boolean> {
  const [asker] = await executeRows<AskerRow>(
    tx,
    `SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE ${HELD} FOR UPDATE`,
    [ref.message_id, ref.attempt],
  )
  return asker !== undefined && !(await reserveSpend(tx, limits, asker, ref, amount, toIso(asker.now)))
}

async function bookCallSpend(tx: Tx, limits: BudgetLimits, call: LlmCall): Promise<void> {
  await insertCalls(tx, [call])
  if (call.keepsReservation) return
  const [asker] = await executeRows<AskerRow>(
    tx,
    'SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE message_id = ?',
    [call.message_id],
  )
  if (asker) await settleSpend(tx, limits, asker, call, call.spent ?? NO_SPEND, asker.now.slice(0, 10))
}
