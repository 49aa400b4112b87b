import { NO_SPEND, type Spend } from '../../../src/budgets/amounts.ts'
import { findBudgetRefusal, listSpendKeys, NO_USAGE, type SpendKey, toSpendId } from '../../../src/budgets/limits.ts'
import type { ChatError } from '../../../src/shared/errors.ts'
import type { ReplyRef } from '../../../src/shared/reply-queue.ts'
import { getTimestamp, type MemoryData } from '../memory-data.ts'

interface Asker {
  user_id: string
  event_id: string | null
}

/** Reserves an amount for a question. @throws ChatError budget_exceeded */
export function reserveForQuestion(data: MemoryData, asker: Asker, message_id: string, amount: Spend = NO_SPEND): void {
  if (amount.tokens === 0 && amount.micros === 0) return
  const refusal = reserve(data, asker, { message_id, attempt: 0 }, amount)
  if (refusal) throw refusal
}

/** Replaces the reservation of a reply or a voice call. Returns the refusal if a budget has no room for it. */
export function reserve(data: MemoryData, asker: Asker, ref: ReplyRef, amount: Spend): ChatError | undefined {
  const now = getTimestamp(data)
  const before = data.reservations.get(ref.message_id)
  const keys = before?.keys ?? listSpendKeys(data.budgets, asker, now.slice(0, 10))
  if (keys.length === 0) return undefined
  const added = subtract(amount, before?.amount ?? NO_SPEND)
  const isIncrease = added.tokens > 0 || added.micros > 0
  for (const key of isIncrease ? keys : []) {
    const refusal = findBudgetRefusal(data.budgets[key.scope], key, getUsage(data, key), added, now)
    if (refusal) return refusal
  }
  bookSpend(data, keys, NO_SPEND, added)
  data.reservations.set(ref.message_id, { attempt: ref.attempt, keys, amount })
  return undefined
}

/** Books the spend of a call. If the reservation belongs to the call's attempt, the spend replaces it. */
export function settle(data: MemoryData, asker: Asker, { message_id, attempt }: ReplyRef, spent: Spend): void {
  const reservation = data.reservations.get(message_id)
  const keys = reservation?.keys ?? listSpendKeys(data.budgets, asker, getTimestamp(data).slice(0, 10))
  const isOfAttempt = reservation?.attempt === attempt
  bookSpend(data, keys, spent, isOfAttempt ? subtract(NO_SPEND, reservation.amount) : NO_SPEND)
  if (isOfAttempt) reservation.amount = NO_SPEND
}

export function releaseReservation(data: MemoryData, message_id: string): void {
  const reservation = data.reservations.get(message_id)
  if (!reservation) return
  bookSpend(data, reservation.keys, NO_SPEND, subtract(NO_SPEND, reservation.amount))
  data.reservations.delete(message_id)
}

const subtract = (a: Spend, b: Spend): Spend => ({ tokens: a.tokens - b.tokens, micros: a.micros - b.micros })

const getUsage = (data: MemoryData, key: SpendKey) => data.spend.get(toSpendId(key)) ?? NO_USAGE

/** Adds to the spent and to the reserved amounts of these budgets. */
export function bookSpend(data: MemoryData, keys: SpendKey[], spent: Spend, reserved: Spend): void {
  for (const key of keys) {
    const usage = getUsage(data, key)
    data.spend.set(toSpendId(key), {
      tokens_spent: usage.tokens_spent + spent.tokens,
      micros_spent: usage.micros_spent + spent.micros,
      tokens_held: usage.tokens_held + reserved.tokens,
      micros_held: usage.micros_held + reserved.micros,
    })
  }
}
