import { type Amount, NOTHING } from '../../../src/budgets/amounts.ts'
import { NO_SPEND, refusalOfBudget, type SpendKey, spendId, spendKeys } from '../../../src/budgets/limits.ts'
import type { ChatError } from '../../../src/shared/errors.ts'
import type { ReplyRef } from '../../../src/shared/model.ts'
import { timestamp, type World } from '../world.ts'

interface Asker {
  user_id: string
  event_id: string | null
}

/** Holds it for a question. @throws ChatError budget_exceeded */
export function holdForQuestion(world: World, asker: Asker, message_id: string, amount: Amount = NOTHING): void {
  if (amount.tokens === 0 && amount.micros === 0) return
  const refusal = reserve(world, asker, { message_id, attempt: 0 }, amount)
  if (refusal) throw refusal
}

/** Instead of what is held for the reply so far; the refusal if it doesn't fit. */
export function reserve(world: World, asker: Asker, ref: ReplyRef, amount: Amount): ChatError | undefined {
  const now = timestamp(world)
  const before = world.reservations.get(ref.message_id)
  const keys = before?.keys ?? spendKeys(world.budgets, asker, now.slice(0, 10))
  if (keys.length === 0) return undefined
  const more = minus(amount, before?.amount ?? NOTHING)
  const isMore = more.tokens > 0 || more.micros > 0
  for (const key of isMore ? keys : []) {
    const refusal = refusalOfBudget(world.budgets[key.scope], key, spendOf(world, key), more, now)
    if (refusal) return refusal
  }
  book(world, keys, NOTHING, more)
  world.reservations.set(ref.message_id, { attempt: ref.attempt, keys, amount })
  return undefined
}

/** What a call took, in place of what was held for it. */
export function settle(world: World, asker: Asker, { message_id, attempt }: ReplyRef, spent: Amount): void {
  const held = world.reservations.get(message_id)
  const keys = held?.keys ?? spendKeys(world.budgets, asker, timestamp(world).slice(0, 10))
  const isOurs = held?.attempt === attempt
  book(world, keys, spent, isOurs ? minus(NOTHING, held.amount) : NOTHING)
  if (isOurs) held.amount = NOTHING
}

export function letGo(world: World, message_id: string): void {
  const held = world.reservations.get(message_id)
  if (!held) return
  book(world, held.keys, NOTHING, minus(NOTHING, held.amount))
  world.reservations.delete(message_id)
}

const minus = (a: Amount, b: Amount): Amount => ({ tokens: a.tokens - b.tokens, micros: a.micros - b.micros })

const spendOf = (world: World, key: SpendKey) => world.spend.get(spendId(key)) ?? NO_SPEND

function book(world: World, keys: SpendKey[], spent: Amount, held: Amount): void {
  for (const key of keys) {
    const spend = spendOf(world, key)
    world.spend.set(spendId(key), {
      tokens_spent: spend.tokens_spent + spent.tokens,
      micros_spent: spend.micros_spent + spent.micros,
      tokens_held: spend.tokens_held + held.tokens,
      micros_held: spend.micros_held + held.micros,
    })
  }
}
