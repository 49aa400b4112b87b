import { NO_SPEND, type Spend } from '../../../src/budgets/amounts.ts'
import { findBudgetRefusal, listSpendKeys, NO_USAGE, type SpendKey, toSpendId } from '../../../src/budgets/limits.ts'
import type { ChatError } from '../../../src/shared/errors.ts'
import type { ReplyRef } from '../../../src/shared/model.ts'
import { getTimestamp, type World } from '../world.ts'

interface Asker {
  user_id: string
  event_id: string | null
}

/** Reserves an amount for a question. @throws ChatError budget_exceeded */
export function reserveForQuestion(world: World, asker: Asker, message_id: string, amount: Spend = NO_SPEND): void {
  if (amount.tokens === 0 && amount.micros === 0) return
  const refusal = reserve(world, asker, { message_id, attempt: 0 }, amount)
  if (refusal) throw refusal
}

/** Replaces the amount that is held for the reply. Returns the refusal if a budget lacks room. */
export function reserve(world: World, asker: Asker, ref: ReplyRef, amount: Spend): ChatError | undefined {
  const now = getTimestamp(world)
  const before = world.reservations.get(ref.message_id)
  const keys = before?.keys ?? listSpendKeys(world.budgets, asker, now.slice(0, 10))
  if (keys.length === 0) return undefined
  const added = subtract(amount, before?.amount ?? NO_SPEND)
  const isIncrease = added.tokens > 0 || added.micros > 0
  for (const key of isIncrease ? keys : []) {
    const refusal = findBudgetRefusal(world.budgets[key.scope], key, getUsage(world, key), added, now)
    if (refusal) return refusal
  }
  bookSpend(world, keys, NO_SPEND, added)
  world.reservations.set(ref.message_id, { attempt: ref.attempt, keys, amount })
  return undefined
}

/** Books what a call spent, in place of the held amount. */
export function settle(world: World, asker: Asker, { message_id, attempt }: ReplyRef, spent: Spend): void {
  const held = world.reservations.get(message_id)
  const keys = held?.keys ?? listSpendKeys(world.budgets, asker, getTimestamp(world).slice(0, 10))
  const isOurs = held?.attempt === attempt
  bookSpend(world, keys, spent, isOurs ? subtract(NO_SPEND, held.amount) : NO_SPEND)
  if (isOurs) held.amount = NO_SPEND
}

export function releaseReservation(world: World, message_id: string): void {
  const held = world.reservations.get(message_id)
  if (!held) return
  bookSpend(world, held.keys, NO_SPEND, subtract(NO_SPEND, held.amount))
  world.reservations.delete(message_id)
}

const subtract = (a: Spend, b: Spend): Spend => ({ tokens: a.tokens - b.tokens, micros: a.micros - b.micros })

const getUsage = (world: World, key: SpendKey) => world.spend.get(toSpendId(key)) ?? NO_USAGE

export function bookSpend(world: World, keys: SpendKey[], spent: Spend, held: Spend): void {
  for (const key of keys) {
    const spend = getUsage(world, key)
    world.spend.set(toSpendId(key), {
      tokens_spent: spend.tokens_spent + spent.tokens,
      micros_spent: spend.micros_spent + spent.micros,
      tokens_held: spend.tokens_held + held.tokens,
      micros_held: spend.micros_held + held.micros,
    })
  }
}
