import {
  type BudgetLimits,
  NO_SPEND,
  NOTHING,
  refusalOfBudget,
  type Spend,
  type SpendKey,
  spendId,
  spendKeys,
} from '@engineer-chat/chat/budgets'
import type { Ask } from '@engineer-chat/chat/rooms'
import type { ChatError } from '@engineer-chat/chat/shared'
import type { Booking } from '../budgets/index.ts'

/** The counters of a batch's askers, under their locks. */
export interface BudgetFacts {
  limits: BudgetLimits
  spend: Map<string, Spend>
}

/** The budgets as a batch spends them, ask by ask. */
export interface BatchBudget {
  refusal(ask: Ask, now: string): ChatError | undefined
  /** Counts it for the asks that follow. */
  hold(ask: Ask, now: string): void
  readonly held: Array<{ ask: Ask; day: string }>
  bookings(): Booking[]
}

const isHolding = ({ hold = NOTHING }: Ask): boolean => hold.tokens > 0 || hold.micros > 0

export const keysOf = (limits: BudgetLimits, ask: Ask, now: string): SpendKey[] =>
  isHolding(ask) ? spendKeys(limits, ask, now.slice(0, 10)) : []

export function batchBudget({ limits, spend }: BudgetFacts): BatchBudget {
  const counters = new Map(spend)
  const booked = new Map<string, Booking>()
  const held: BatchBudget['held'] = []
  const counterOf = (key: SpendKey) => counters.get(spendId(key)) ?? NO_SPEND

  return {
    held,
    refusal(ask, now) {
      const more = ask.hold ?? NOTHING
      return keysOf(limits, ask, now)
        .map((key) => refusalOfBudget(limits[key.scope], key, counterOf(key), more, now))
        .find((refusal) => refusal !== undefined)
    },
    hold(ask, now) {
      const { tokens, micros } = ask.hold ?? NOTHING
      const keys = keysOf(limits, ask, now)
      for (const key of keys) {
        const id = spendId(key)
        const spent = counterOf(key)
        counters.set(id, {
          ...spent,
          tokens_held: spent.tokens_held + tokens,
          micros_held: spent.micros_held + micros,
        })
        const before = booked.get(id)?.held ?? NOTHING
        booked.set(id, {
          key,
          spent: NOTHING,
          held: { tokens: before.tokens + tokens, micros: before.micros + micros },
        })
      }
      if (keys.length > 0) held.push({ ask, day: now.slice(0, 10) })
    },
    bookings: () => [...booked.values()],
  }
}
