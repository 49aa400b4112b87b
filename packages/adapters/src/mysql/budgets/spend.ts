import {
  type BudgetLimits,
  type BudgetUsage,
  findBudgetRefusal,
  listSpendKeys,
  NO_SPEND,
  NO_USAGE,
  type Spend,
  type SpendChange,
  type SpendKey,
  toSpendId,
} from '@engineer-chat/chat/budgets'
import type { ChatError, ReplyRef } from '@engineer-chat/chat/shared'
import { executeRows, queryRows, type Tx } from '../core/index.ts'

// These rows are locked last, after room, session and message: a reply's reservation, then the rows of `spend` in the
// order of their keys.

/** Names the user and the event whose budgets a call counts for. */
export interface Spender {
  user_id: string
  /** Null means that the call has no event, as is true for some voice calls. */
  event_id: string | null
}

interface Reservation extends Spend, Spender {
  attempt: number
  /** Holds the day in UTC that the reservation counts for, such as `2026-01-31`. */
  day: string
}

/** Locks the budgets' rows of `spend` and returns their usage. A missing row is created with zeros. */
export async function lockUsage(tx: Tx, keys: SpendKey[]): Promise<Map<string, BudgetUsage>> {
  if (keys.length === 0) return new Map()
  const rows = sortUniqueKeys(keys).map(({ scope, scope_id, period }) => [scope, scope_id, period])
  await tx.query('INSERT INTO spend (scope, scope_id, period) VALUES ? ON DUPLICATE KEY UPDATE scope = VALUES(scope)', [
    rows,
  ])
  const found = await queryRows<SpendKey & BudgetUsage>(
    tx,
    `SELECT scope, scope_id, period, tokens_spent, tokens_held, micros_spent, micros_held
     FROM spend FORCE INDEX (PRIMARY) WHERE (scope, scope_id, period) IN (?)`,
    [rows],
  )
  return new Map(found.map((row) => [toSpendId(row), row]))
}

/**
 * Changes rows of `spend` that are locked. The reserved amount never falls below zero, even if the limits were changed
 * meanwhile.
 */
export async function bookSpend(tx: Tx, spendChanges: SpendChange[]): Promise<void> {
  if (spendChanges.length === 0) return
  await tx.query(
    `INSERT INTO spend (scope, scope_id, period, tokens_spent, tokens_held, micros_spent, micros_held) VALUES ?
     ON DUPLICATE KEY UPDATE updated_at = NOW(3),
       tokens_spent = tokens_spent + VALUES(tokens_spent), micros_spent = micros_spent + VALUES(micros_spent),
       tokens_held = GREATEST(tokens_held + VALUES(tokens_held), 0),
       micros_held = GREATEST(micros_held + VALUES(micros_held), 0)`,
    [
      spendChanges.map(({ key: { scope, scope_id, period }, spent, reserved }) => [
        scope,
        scope_id,
        period,
        spent.tokens,
        reserved.tokens,
        spent.micros,
        reserved.micros,
      ]),
    ],
  )
}

/**
 * Reserves this amount for the reply's next call and replaces the reply's earlier reservation. Returns a refusal, and
 * reserves nothing, if the amount does not fit into a budget.
 */
export async function reserveSpend(
  tx: Tx,
  limits: BudgetLimits,
  { user_id, event_id }: Spender,
  ref: ReplyRef,
  amount: Spend,
  now: string,
): Promise<ChatError | undefined> {
  const earlier = await lockReservation(tx, ref.message_id)
  const day = earlier?.day ?? now.slice(0, 10)
  const keys = listSpendKeys(limits, { user_id, event_id }, day)
  if (keys.length === 0) return undefined
  const additional = subtract(amount, earlier ?? NO_SPEND)
  const usage = await lockUsage(tx, keys)
  if (additional.tokens > 0 || additional.micros > 0) {
    const refusals = keys.map((key) =>
      findBudgetRefusal(limits[key.scope], key, usage.get(toSpendId(key)) ?? NO_USAGE, additional, now),
    )
    const refusal = refusals.find((refusal) => refusal !== undefined)
    if (refusal) return refusal
  }
  await bookSpend(
    tx,
    keys.map((key) => ({ key, spent: NO_SPEND, reserved: additional })),
  )
  await storeReservations(tx, [{ ...ref, user_id, event_id, day, ...amount }])
  return undefined
}

export async function storeReservations(tx: Tx, reservations: Array<Reservation & ReplyRef>): Promise<void> {
  if (reservations.length === 0) return
  await tx.query(
    `INSERT INTO reservations (message_id, attempt, user_id, event_id, day, tokens, micros) VALUES ?
     ON DUPLICATE KEY UPDATE attempt = VALUES(attempt), tokens = VALUES(tokens), micros = VALUES(micros)`,
    [
      reservations.map((reservation) => [
        reservation.message_id,
        reservation.attempt,
        reservation.user_id,
        reservation.event_id ?? NO_EVENT,
        reservation.day,
        reservation.tokens,
        reservation.micros,
      ]),
    ],
  )
}

/**
 * Books what a call spent and sets the call's own reservation to zero. The reservation's row stays until the reply
 * ends, because all calls of the reply count for the row's day. Without the row, the call counts for `today`.
 */
export async function settleSpend(
  tx: Tx,
  limits: BudgetLimits,
  spender: Spender,
  { message_id, attempt }: ReplyRef,
  spent: Spend,
  today: string,
): Promise<void> {
  const reservation = await lockReservation(tx, message_id)
  const isOurs = reservation?.attempt === attempt // Another attempt's reservation belongs to another worker's call.
  const keys = listSpendKeys(limits, spender, reservation?.day ?? today)
  await lockUsage(tx, keys)
  await bookSpend(
    tx,
    keys.map((key) => ({ key, spent, reserved: isOurs ? subtract(NO_SPEND, reservation) : NO_SPEND })),
  )
  if (isOurs) await tx.execute('UPDATE reservations SET tokens = 0, micros = 0 WHERE message_id = ?', [message_id])
}

/** Releases the reservation when the reply has ended or starts again. */
export async function releaseReservation(tx: Tx, limits: BudgetLimits, message_id: string): Promise<void> {
  if (Object.keys(limits).length === 0) return
  const reservation = await lockReservation(tx, message_id)
  if (!reservation) return
  const keys = listSpendKeys(limits, reservation, reservation.day)
  await lockUsage(tx, keys)
  await bookSpend(
    tx,
    keys.map((key) => ({ key, spent: NO_SPEND, reserved: subtract(NO_SPEND, reservation) })),
  )
  await tx.execute('DELETE FROM reservations WHERE message_id = ?', [message_id])
}

async function lockReservation(tx: Tx, message_id: string): Promise<Reservation | undefined> {
  const [reservation] = await executeRows<Reservation>(
    tx,
    'SELECT attempt, user_id, event_id, day, tokens, micros FROM reservations WHERE message_id = ? FOR UPDATE',
    [message_id],
  )
  return reservation && { ...reservation, event_id: reservation.event_id === NO_EVENT ? null : reservation.event_id }
}

/** The column accepts no null, so a reservation without an event stores this. */
const NO_EVENT = ''

const subtract = (a: Spend, b: Spend): Spend => ({ tokens: a.tokens - b.tokens, micros: a.micros - b.micros })

const sortUniqueKeys = (keys: SpendKey[]): SpendKey[] => {
  const byId = new Map(keys.map((key) => [toSpendId(key), key]))
  return [...byId].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key)
}
