import {
  type BudgetLimits,
  type BudgetUsage,
  checkBudget,
  listSpendKeys,
  NO_SPEND,
  NO_USAGE,
  type SpendKey,
  toSpendId,
} from '@engineer-chat/chat/budgets'
import type { AskCommand } from '@engineer-chat/chat/rooms'
import type { ChatError } from '@engineer-chat/chat/shared'
import type { Booking } from '../budgets/index.ts'

/** Locks and reads the counters of a batch's users. */
export interface BudgetFacts {
  limits: BudgetLimits
  spend: Map<string, BudgetUsage>
}

/** Applies the budgets ask by ask, as the batch spends them. */
export interface BatchBudget {
  refusal(ask: AskCommand, now: string): ChatError | undefined
  /** Counts the ask for the asks that follow. */
  hold(ask: AskCommand, now: string): void
  readonly held: Array<{ ask: AskCommand; day: string }>
  bookings(): Booking[]
}

const needsReservation = ({ reservation: hold = NO_SPEND }: AskCommand): boolean => hold.tokens > 0 || hold.micros > 0

export const listSpendKeysOf = (limits: BudgetLimits, ask: AskCommand, now: string): SpendKey[] =>
  needsReservation(ask) ? listSpendKeys(limits, ask, now.slice(0, 10)) : []

export function createBatchBudget({ limits, spend }: BudgetFacts): BatchBudget {
  const counters = new Map(spend)
  const booked = new Map<string, Booking>()
  const held: BatchBudget['held'] = []
  const counterOf = (key: SpendKey) => counters.get(toSpendId(key)) ?? NO_USAGE

  return {
    held,
    refusal(ask, now) {
      const more = ask.reservation ?? NO_SPEND
      return listSpendKeysOf(limits, ask, now)
        .map((key) => checkBudget(limits[key.scope], key, counterOf(key), more, now))
        .find((refusal) => refusal !== undefined)
    },
    hold(ask, now) {
      const { tokens, micros } = ask.reservation ?? NO_SPEND
      const keys = listSpendKeysOf(limits, ask, now)
      for (const key of keys) {
        const id = toSpendId(key)
        const spent = counterOf(key)
        counters.set(id, {
          ...spent,
          tokens_held: spent.tokens_held + tokens,
          micros_held: spent.micros_held + micros,
        })
        const before = booked.get(id)?.held ?? NO_SPEND
        booked.set(id, {
          key,
          spent: NO_SPEND,
          held: { tokens: before.tokens + tokens, micros: before.micros + micros },
        })
      }
      if (keys.length > 0) held.push({ ask, day: now.slice(0, 10) })
    },
    bookings: () => [...booked.values()],
  }
}
