import { ChatError } from '../shared/index.ts'
import type { Spend } from './amounts.ts'

export type BudgetScope = 'user' | 'event' | 'all'

/**
 * Limits the spend of each user per day, of each event in total, and of everybody together per day. Days are in UTC. A
 * scope without a limit is undefined. A limit may have only `tokens` or only `micros`; the other amount is not limited.
 */
export type BudgetLimits = Partial<Record<BudgetScope, Partial<Spend>>>

/** Names one budget: of one user on a day, of one event for ever, or of everybody on a day. */
export interface SpendKey {
  scope: BudgetScope
  /** Holds the id of the user or of the event. It is `-` for the scope `all`. */
  scope_id: string
  /** The period is a day in UTC (`2026-01-31`) or `ever`. */
  period: string
}

/** Holds what is added to the spent and to the reserved amounts of one budget. A negative number lowers an amount. */
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

/** Applies if the spend would fit without the reservations. They are released soon, when their replies end. */
const RESERVATION_RETRY_SECONDS = 30
/** Applies to an event's budget, which never resets. A later try succeeds only if an admin has raised the budget. */
const EVENT_RETRY_SECONDS = 3_600
const DAY_MS = 86_400_000

/**
 * Lists the keys of the budgets that limit a call of this user in this event. Every transaction locks the rows of
 * budgets in the order of this list. `event_id` is null for a call outside of events. `day` is `YYYY-MM-DD` in UTC.
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

/** Converts the key of a budget to a string, because a `Map` compares objects by identity. */
export const toSpendId = ({ scope, scope_id, period }: SpendKey): string => `${scope} ${scope_id} ${period}`

/**
 * Returns an error if the usage and the added spend together exceed the limit of tokens or of money, otherwise
 * undefined. The usage has spent and reserved amounts. `now` is a time in ISO 8601.
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
