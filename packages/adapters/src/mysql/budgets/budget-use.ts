import { type BudgetLimits, type BudgetScope, NO_SPEND } from '@engineer-chat/chat/budgets'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Mysql, toDatabase } from '../core/index.ts'
import { spend } from '../schema/index.ts'

/** Scrapes of the metrics within this time share one read. */
const FRESH_MS = 30_000
const MICROS_PER_UNIT = 1e6

interface BudgetUsageSample {
  scope: BudgetScope
  unit: 'tokens' | 'money'
  limit: number
  used: number
}

const SCOPES: BudgetScope[] = ['user', 'event', 'all']

const IS_TODAY = sql`${spend.period} = UTC_DATE()`

const CONDITIONS: Record<BudgetScope, SQL | undefined> = {
  all: and(eq(spend.scope, 'all'), eq(spend.scope_id, '-'), IS_TODAY),
  user: and(eq(spend.scope, 'user'), IS_TODAY),
  event: eq(spend.scope, 'event'),
}

/**
 * Reads for each limit that is set how much is used: the sum of what is spent and what is reserved. Of all users
 * (today) and of all events it returns only the highest use.
 */
export function createBudgetUsageReader({ pool }: Mysql, limits: BudgetLimits): () => Promise<BudgetUsageSample[]> {
  const scopes = SCOPES.filter((scope) => limits[scope] !== undefined)
  let cached: { readAtMs: number; uses: Promise<BudgetUsageSample[]> } | undefined
  const read = async (scope: BudgetScope): Promise<BudgetUsageSample[]> => {
    const [row] = await toDatabase(pool)
      .select({
        tokens: sql`COALESCE(MAX(${spend.tokens_spent} + ${spend.tokens_held}), 0)`.mapWith(Number),
        micros: sql`COALESCE(MAX(${spend.micros_spent} + ${spend.micros_held}), 0)`.mapWith(Number),
      })
      .from(spend)
      .where(CONDITIONS[scope])
    const used = row ?? NO_SPEND
    const { tokens, micros } = limits[scope] ?? {}
    return [
      ...(tokens === undefined ? [] : [{ scope, unit: 'tokens' as const, limit: tokens, used: used.tokens }]),
      ...(micros === undefined
        ? []
        : [{ scope, unit: 'money' as const, limit: micros / MICROS_PER_UNIT, used: used.micros / MICROS_PER_UNIT }]),
    ]
  }
  return () => {
    if (cached && performance.now() - cached.readAtMs < FRESH_MS) return cached.uses
    const uses = Promise.all(scopes.map(read)).then((lists) => lists.flat())
    cached = { readAtMs: performance.now(), uses }
    uses.catch(() => {
      cached = undefined
    })
    return uses
  }
}
