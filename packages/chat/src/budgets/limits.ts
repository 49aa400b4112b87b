import { ChatError } from '../shared/index.ts'
import type { Spend } from './amounts.ts'

export type BudgetScope = 'user' | 'event' | 'all'

/**
 * Limits the spend of each user per day, of each event in total, and of everybody together per day. Days are in UTC. A
 * scope without a limit is undefined.
 */
export type BudgetLimits = Partial<Record<BudgetScope, Partial<Spend>>>

/** Names one budget: that of a scope in a period. */
export interface SpendKey {
  scope: BudgetScope
  /** Holds the user's or the event's id, and `-` for the scope `all`. */
  scope_id: string
  /** The period is a day in UTC (`2026-01-31`) or `ever`. */
  period: string
}

/** Says how much is added to the spent and to the reserved amount of one budget. A negative number lowers an amount. */
export interface SpendChange {
  key: SpendKey
  spent: Spend
  reserved: Spend
}

/** Holds the spent and the reserved (`_held`) amounts of one budget. */
export interface BudgetUsage {
  tokens_spent: number
  tokens_held: number
  micros_spent: number
  micros_held: number
}

export const NO_USAGE: BudgetUsage = { tokens_spent: 0, tokens_held: 0, micros_spent: 0, micros_held: 0 }

/** Reservations of running calls are released soon, so a caller may try again early. */
const RESERVATION_RETRY_SECONDS = 30
/** An event's budget never resets, so the caller tries again only in case an administrator has raised the budget. */
const EVENT_RETRY_SECONDS = 3_600
const DAY_MS = 86_400_000

/**
 * Lists the keys of the budgets that limit a call of this user in this event, in the order in which every transaction
 * locks their rows. `day` is `YYYY-MM-DD`.
 */
export function listSpendKeys(
  limits: BudgetLimits,
  { user_id, event_id }: { user_id: string; event_id: string | null },
  day: string,
): SpendKey[] {
  const keys: SpendKey[] = [
    { scope: 'all', scope_id: '-', period: day },
    ...(event_id === null ? [] : [{ scope: 'event' as const, scope_id: event_id, period: 'ever' }]),
    { scope: 'user', scope_id: user_id, period: day },
  ]
  return keys.filter(({ scope }) => limits[scope] !== undefined)
}

/** Joins a key into one string, which is the key of a budget in a `Map`. */
export const toSpendId = ({ scope, scope_id, period }: SpendKey): string => `${scope} ${scope_id} ${period}`

/**
 * Returns an error if the usage and the added spend together exceed the limit, otherwise undefined. `now` is a time in
 * ISO 8601.
 */
export function findBudgetRefusal(
  limit: Partial<Spend> | undefined,
  { scope }: Pick<SpendKey, 'scope'>,
  usage: BudgetUsage,
  added: Spend,
  now: string,
): ChatError | undefined {
  const isOverLimit = (tokens: number, micros: number) =>
    tokens + added.tokens > (limit?.tokens ?? Number.POSITIVE_INFINITY) ||
    micros + added.micros > (limit?.micros ?? Number.POSITIVE_INFINITY)
  const { tokens_spent, tokens_held, micros_spent, micros_held } = usage
  if (!isOverLimit(tokens_spent + tokens_held, micros_spent + micros_held)) return undefined
  const isOverWithoutReservations = isOverLimit(tokens_spent, micros_spent)
  const retry_after_seconds = isOverWithoutReservations ? countSecondsUntilRetry(scope, now) : RESERVATION_RETRY_SECONDS
  return new ChatError('budget_exceeded', REFUSAL_DETAILS[scope], { retry_after_seconds })
}

function countSecondsUntilRetry(scope: BudgetScope, now: string): number {
  if (scope === 'event') return EVENT_RETRY_SECONDS
  const nowMs = Date.parse(now)
  const nextDayMs = (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS
  return Math.ceil((nextDayMs - nowMs) / 1_000)
}

const REFUSAL_DETAILS: Record<BudgetScope, string> = {
  user: 'Your budget for AI answers is used up for today.',
  event: 'The budget for AI answers of this event is used up. An administrator can raise it.',
  all: 'Today’s budget for AI answers is used up.',
}
