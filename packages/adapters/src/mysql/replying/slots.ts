import type { LimitedModel } from '@engineer-chat/chat/models'
import {
  countFreeSlots,
  decideSlot,
  isSlotOver,
  type Slot,
  type SlotDecision,
  type SlotFacts,
  type SlotRequest,
  type SlotWaiter,
} from '@engineer-chat/chat/replying'
import { ChatError, type ReplyRef } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import {
  BEGIN,
  COMMIT,
  createRead,
  createWrite,
  groupCommit,
  runTogether,
  type Statement,
  withManualTransaction,
} from '../core/index.ts'
import { IS_CLAIMED, IS_UNFINISHED } from './lease.ts'
import { ACCEPTED_AT } from './postpone.ts'

/**
 * Counts the slots and takes one under the lock of the model's row, so that no two calls take the last slot. The
 * waiting replies are read only if a slot is free, because many replies may ask for a full model at the same time.
 */
export const takeSlot = (
  pool: Pool,
  ref: ReplyRef,
  { model_id, capacity, tokens }: SlotRequest,
): Promise<SlotDecision> =>
  withManualTransaction(pool, async (tx) => {
    const [, , slots, requester] = await runTogether(tx, [
      BEGIN,
      lockModel(model_id),
      selectSlots(model_id),
      selectRequester(ref),
    ])
    const isFull = countFreeSlots(capacity, slots) === 0
    const [waiting = []] = isFull ? [] : await runTogether(tx, [selectWaiting(model_id)])
    const decision: SlotDecision = requester
      ? decideSlot(capacity, { slots, waiting }, requester, tokens)
      : { isGranted: false, retryAfterMs: null }
    await runTogether(tx, [
      decision.isGranted ? removeSlots(model_id, slots.filter(isSlotOver)) : undefined,
      decision.isGranted && requester ? insertSlot(model_id, requester, tokens) : undefined,
      COMMIT,
    ])
    return decision
  })

/** Replaces the estimate of a call's tokens by their count. */
export async function settleSlot(pool: Pool, ref: ReplyRef, model_id: string, tokens: number): Promise<void> {
  await pool.execute('UPDATE model_slots SET tokens = ? WHERE model_id = ? AND message_id = ? AND attempt = ?', [
    tokens,
    model_id,
    ref.message_id,
    ref.attempt,
  ])
}

/** Fewer reads than this ever wait at the same time. */
const MAX_READS = 10_000

/**
 * Reads a model's slots and the replies that wait for it. Reads that arrive while another is running share the next
 * one: hundreds of replies may be postponed at the same time, and each has to find out which reply is next.
 */
export const createSlotFactsReader = (pool: Pool): ((model: LimitedModel) => Promise<SlotFacts>) =>
  groupCommit<LimitedModel, SlotFacts>({
    async run(models) {
      const facts = new Map<string, SlotFacts>()
      for (const model of models) if (!facts.has(model.id)) facts.set(model.id, await readSlotFacts(pool, model))
      return models.map(({ id }) => facts.get(id) ?? { slots: [], waiting: [] })
    },
    maxBatchItems: MAX_READS,
    maxWaiting: MAX_READS,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: () => false,
  })

async function readSlotFacts(pool: Pool, { id, capacity }: LimitedModel): Promise<SlotFacts> {
  const [slots] = await runTogether(pool, [selectSlots(id)])
  if (countFreeSlots(capacity, slots) === 0) return { slots, waiting: [] }
  const [waiting] = await runTogether(pool, [selectWaiting(id)])
  return { slots, waiting }
}

const lockModel = (model_id: string): Statement<number> =>
  createWrite('INSERT INTO model_locks (model_id) VALUES (?) ON DUPLICATE KEY UPDATE model_id = VALUES(model_id)', [
    model_id,
  ])

/** Is true for a slot `s` whose reply `m` is leased at the slot's attempt. */
const IS_IN_USE = `m.attempt = s.attempt AND m.${IS_UNFINISHED} AND m.lease_until > NOW(3)`

export const selectSlots = (model_id: string): Statement<Slot[]> =>
  createRead<Omit<Slot, 'isInUse'> & { isInUse: number }, Slot[]>(
    `SELECT s.message_id, s.attempt, s.user_id, s.tokens, TIMESTAMPDIFF(MICROSECOND, s.taken_at, NOW(3)) DIV 1000 AS ageMs,
       m.message_id IS NOT NULL AS isInUse
     FROM model_slots s LEFT JOIN messages m ON m.message_id = s.message_id AND ${IS_IN_USE}
     WHERE s.model_id = ?`,
    [model_id],
    (rows) => rows.map((row) => ({ ...row, isInUse: Boolean(row.isInUse) })),
  )

/** Returns SQL for the milliseconds from 1970 to this time. */
const toUnixMs = (instant: string): string => `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${instant}) DIV 1000`

type WaitingRow = Omit<SlotWaiter, 'isClaimed'> & { isClaimed: number }

const toSlotWaiter = (row: WaitingRow): SlotWaiter => ({ ...row, isClaimed: Boolean(row.isClaimed) })

/**
 * Is true if the model may be called for the postponed reply now. `ready_at` is null if the reply waits only for a
 * slot. Otherwise it is the end of the pause for a busy provider.
 */
const IS_READY = '(p.ready_at IS NULL OR p.ready_at <= NOW(3))'

/**
 * A claim raises the attempt from `p.attempt` to `p.attempt + 1`, and each call after the first raises it again. So a
 * claimed reply waits for this model until it has a slot of this model, or begins its second call.
 */
const createSelectWaiting =
  (condition: string) =>
  (model_id: string): Statement<SlotWaiter[]> =>
    createRead<WaitingRow, SlotWaiter[]>(
      `SELECT m.message_id, m.attempt, p.user_id, ${toUnixMs('p.accepted_at')} AS acceptedAtMs,
         m.lease_until IS NOT NULL AS isClaimed
       FROM postponed_replies p JOIN messages m ON m.message_id = p.message_id
       WHERE p.model_id = ? AND ${condition} AND m.${IS_UNFINISHED}
         AND (m.lease_until IS NULL OR (m.attempt <= p.attempt + 1 AND NOT EXISTS (
           SELECT 1 FROM model_slots s WHERE s.model_id = p.model_id AND s.message_id = m.message_id
             AND s.attempt = m.attempt)))
         AND NOT EXISTS (
           SELECT 1 FROM messages earlier FORCE INDEX (idx_chat_session)
           WHERE earlier.chat_session_id = m.chat_session_id AND earlier.position < m.position
             AND earlier.${IS_UNFINISHED})`,
      [model_id],
      (rows) => rows.map(toSlotWaiter),
    )

/** Selects the replies that may take their turn now. */
const selectWaiting = createSelectWaiting(IS_READY)
/** Also selects the replies for which the model may not be called yet. */
export const selectAllWaiting = createSelectWaiting('TRUE')

/** Finds the reply that asks for the slot, if its claim with this attempt is the latest one. */
const selectRequester = ({ message_id, attempt }: ReplyRef): Statement<SlotWaiter | undefined> =>
  createRead<WaitingRow, SlotWaiter | undefined>(
    `SELECT message_id, attempt, COALESCE(user_id, '') AS user_id, ${toUnixMs(`(${ACCEPTED_AT})`)} AS acceptedAtMs, 1 AS isClaimed
     FROM messages WHERE message_id = ? AND attempt = ? AND ${IS_CLAIMED}`,
    [message_id, attempt],
    ([row]) => row && toSlotWaiter(row),
  )

const insertSlot = (model_id: string, { message_id, attempt, user_id }: SlotWaiter, tokens: number) =>
  createWrite('INSERT INTO model_slots (model_id, message_id, attempt, user_id, tokens) VALUES (?, ?, ?, ?, ?)', [
    model_id,
    message_id,
    attempt,
    user_id,
    tokens,
  ])

const removeSlots = (model_id: string, slots: Slot[]): Statement<number> | undefined =>
  slots.length === 0
    ? undefined
    : createWrite('DELETE FROM model_slots WHERE (model_id, message_id, attempt) IN (?)', [
        slots.map(({ message_id, attempt }) => [model_id, message_id, attempt]),
      ])
