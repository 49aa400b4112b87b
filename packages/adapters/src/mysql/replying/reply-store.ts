import { type Amount, type BudgetLimits, NOTHING } from '@engineer-chat/chat/budgets'
import type { FactsCache } from '@engineer-chat/chat/events'
import type { Finished, LlmCall, Outcome, ReplyStore } from '@engineer-chat/chat/replying'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { type Asker, letGo, reserve, settle } from '../budgets/index.ts'
import {
  BEGIN,
  COMMIT,
  inOneTrip,
  lockingRoomOf,
  type Tx,
  toIso,
  transaction,
  transactionOfTrips,
} from '../core/index.ts'
import { replyContext } from '../prompting/index.ts'
import { flag } from '../reviews/index.ts'
import { changeRow, type RowChange } from '../rooms/index.ts'
import { claimReply } from './claim.ts'
import { recordCalls, recordTogether } from './llm-calls.ts'
import { earliestBeside } from './unfinished-reply.ts'

export function mysqlReplies(pool: Pool, limits: BudgetLimits = {}, facts?: FactsCache): ReplyStore {
  const hasBudgets = Object.keys(limits).length > 0
  const record = recordTogether(pool)
  return {
    claim: (message_id, lease_ms) => claimReply(pool, message_id, lease_ms),
    context: (message_id, history_limit) => replyContext({ pool, facts }, message_id, history_limit),
    renew: (ref, lease_ms) => renew(pool, ref, lease_ms),
    async again(ref, lease_ms) {
      const again = await writeHeld(pool, ref, `attempt = attempt + 1, ${LEASE}`, [lease_ms, lease_ms])
      return again ? { ...ref, attempt: ref.attempt + 1 } : undefined
    },
    finish: (ref, outcome) => finish(pool, limits, ref, outcome),
    async release(ref) {
      const released = await writeHeld(pool, ref, 'lease_until = NULL, due_at = NOW(3), tries = GREATEST(tries, 1) - 1')
      return released ? ref : undefined
    },
    due: (limit, again_ms) => due(pool, limit, again_ms),
    hold: async (ref, amount) => !hasBudgets || transaction(pool, (tx) => holdFor(tx, limits, ref, amount)),
    recordCall: (call) => (hasBudgets ? transaction(pool, (tx) => bookCall(tx, limits, call)) : record(call)),
  }
}

const IN_MS = 'NOW(3) + INTERVAL ? * 1000 MICROSECOND'
/** Two values: the milliseconds, twice. The sweep looks when the lease has lapsed. */
const LEASE = `lease_until = ${IN_MS}, due_at = ${IN_MS}`
/** Two values: the fence. What was released, taken over or finished is nobody's. */
const HELD = 'message_id = ? AND attempt = ? AND due_at IS NOT NULL AND lease_until IS NOT NULL'

async function writeHeld(pool: Pool, ref: ReplyRef, set: string, values: number[] = []): Promise<boolean> {
  const [written] = await pool.execute<ResultSetHeader>(`UPDATE messages SET ${set} WHERE ${HELD}`, [
    ...values,
    ref.message_id,
    ref.attempt,
  ])
  return written.affectedRows === 1
}

async function renew(pool: Pool, ref: ReplyRef, lease_ms: number): ReturnType<ReplyStore['renew']> {
  const held = await writeHeld(pool, ref, LEASE, [lease_ms, lease_ms])
  if (!held) return { held, cancel_requested: false }
  const [[row]] = await pool.execute<RowDataPacket[]>('SELECT cancel_requested FROM messages WHERE message_id = ?', [
    ref.message_id,
  ])
  return { held, cancel_requested: Boolean(row?.cancel_requested) }
}

/** Under the room's lock the row is written if the fence holds, and only then a number is spent. */
const finish = (pool: Pool, limits: BudgetLimits, ref: ReplyRef, outcome: Outcome): Promise<Finished | undefined> =>
  transactionOfTrips(pool, async (tx) => {
    const [, room] = await inOneTrip(tx, [BEGIN, lockingRoomOf(ref.message_id)])
    const finished = room && (await changeRow(tx, room, ref.message_id, endOf(ref, outcome)))
    if (finished) {
      await letGo(tx, limits, ref.message_id)
      if (outcome.hits?.length) await flag(tx, ref, outcome.hits)
    }
    const [job] = await inOneTrip(tx, [earliestBeside(ref.message_id), COMMIT])
    return finished && { ...finished, job }
  })

const endOf = ({ attempt }: ReplyRef, { type, content }: Outcome): RowChange => ({
  set: `message_type = ?, message_content = ?, message_from = ?, sender_type = ?,
    lease_until = NULL, due_at = NULL, cancel_requested = FALSE`,
  values: [type, JSON.stringify(content), ...(type === 'error' ? ['system', 'system'] : ['ai_assistant', 'ai'])],
  where: 'attempt = ? AND due_at IS NOT NULL AND lease_until IS NOT NULL',
  whereValues: [attempt],
})

/** Two sweepers at once find the same: the job's id is the same then, and adding it twice does nothing. */
async function due(pool: Pool, limit: number, again_ms: number): Promise<ReplyRef[]> {
  const [found] = await pool.query<Array<ReplyRef & RowDataPacket>>(
    `SELECT m.message_id, m.attempt FROM messages m FORCE INDEX (idx_due)
     WHERE m.due_at <= NOW(3) AND NOT EXISTS (
       SELECT 1 FROM messages before_it FORCE INDEX (idx_chat_session)
       WHERE before_it.chat_session_id = m.chat_session_id AND before_it.position < m.position
         AND before_it.due_at IS NOT NULL)
     ORDER BY m.due_at LIMIT ?`,
    [limit],
  )
  if (found.length === 0) return []
  await pool.query(`UPDATE messages SET due_at = ${IN_MS} WHERE message_id IN (?) AND due_at <= NOW(3)`, [
    again_ms,
    found.map(({ message_id }) => message_id),
  ])
  return found.map(({ message_id, attempt }) => ({ message_id, attempt }))
}

type AskerNow = Asker & RowDataPacket & { now: string }

async function holdFor(tx: Tx, limits: BudgetLimits, ref: ReplyRef, amount: Amount): Promise<boolean> {
  const [[asker]] = await tx.execute<AskerNow[]>(
    `SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE ${HELD} FOR UPDATE`,
    [ref.message_id, ref.attempt],
  )
  return asker !== undefined && !(await reserve(tx, limits, asker, ref, amount, toIso(asker.now)))
}

async function bookCall(tx: Tx, limits: BudgetLimits, call: LlmCall): Promise<void> {
  await recordCalls(tx, [call])
  const [[asker]] = await tx.execute<AskerNow[]>(
    'SELECT user_id, event_id, SYSDATE(3) AS now FROM messages WHERE message_id = ?',
    [call.message_id],
  )
  if (asker) await settle(tx, limits, asker, call, call.spent ?? NOTHING, asker.now.slice(0, 10))
}
