import { type BudgetLimits, type BudgetScope, NO_SPEND } from '@engineer-chat/chat/budgets'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { type Mysql, toDatabase } from '../core/index.ts'
import { spend } from '../schema/index.ts'

/** Scrapes within this time share one read. */
const FRESH_MS = 30_000
const MICROS = 1e6

interface BudgetUsageSample {
  scope: BudgetScope
  unit: 'tokens' | 'money'
  limit: number
  used: number
}

const SCOPES: BudgetScope[] = ['user', 'event', 'all']

const IS_TODAY = sql`${spend.period} = UTC_DATE()`

const RUNNING: Record<BudgetScope, SQL | undefined> = {
  all: and(eq(spend.scope, 'all'), eq(spend.scope_id, '-'), IS_TODAY),
  user: and(eq(spend.scope, 'user'), IS_TODAY),
  event: eq(spend.scope, 'event'),
}

/**
 * Reads the spent and the reserved amount of each limit that is set. Of the users (today) and of the events it
 * returns only the one that has used most.
 */
export function createBudgetUsageReader({ pool }: Mysql, limits: BudgetLimits): () => Promise<BudgetUsageSample[]> {
  const scopes = SCOPES.filter((scope) => limits[scope] !== undefined)
  let known: { at: number; uses: Promise<BudgetUsageSample[]> } | undefined
  const read = async (scope: BudgetScope): Promise<BudgetUsageSample[]> => {
    const [most] = await toDatabase(pool)
      .select({
        tokens: sql`COALESCE(MAX(${spend.tokens_spent} + ${spend.tokens_held}), 0)`.mapWith(Number),
        micros: sql`COALESCE(MAX(${spend.micros_spent} + ${spend.micros_held}), 0)`.mapWith(Number),
      })
      .from(spend)
      .where(RUNNING[scope])
    const used = most ?? NO_SPEND
    const { tokens, micros } = limits[scope] ?? {}
    return [
      ...(tokens === undefined ? [] : [{ scope, unit: 'tokens' as const, limit: tokens, used: used.tokens }]),
      ...(micros === undefined
        ? []
        : [{ scope, unit: 'money' as const, limit: micros / MICROS, used: used.micros / MICROS }]),
    ]
  }
  return () => {
    if (known && performance.now() - known.at < FRESH_MS) return known.uses
    const uses = Promise.all(scopes.map(read)).then((all) => all.flat())
    known = { at: performance.now(), uses }
    uses.catch(() => {
      known = undefined
    })
    return uses
  }
}
