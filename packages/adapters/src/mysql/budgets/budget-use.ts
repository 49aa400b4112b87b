import type { BudgetLimits, BudgetScope } from '@engineer-chat/chat/budgets'
import { type Mysql, queryRow } from '../core/index.ts'

/** Scrapes that come every few seconds read it no more often than this. */
const FRESH_MS = 30_000
const MICROS = 1e6

interface BudgetUsageSample {
  scope: BudgetScope
  unit: 'tokens' | 'money'
  limit: number
  used: number
}

const RUNNING: Record<BudgetScope, string> = {
  all: "scope = 'all' AND scope_id = '-' AND period = UTC_DATE()",
  user: "scope = 'user' AND period = UTC_DATE()",
  event: "scope = 'event'",
}

/**
 * Reads what is spent and reserved of each limit that is set. For users (today) and events it is the one that has used
 * most.
 */
export function createBudgetUsageReader({ pool }: Mysql, limits: BudgetLimits): () => Promise<BudgetUsageSample[]> {
  const scopes = Object.keys(limits) as BudgetScope[]
  let known: { at: number; uses: Promise<BudgetUsageSample[]> } | undefined
  const read = async (scope: BudgetScope): Promise<BudgetUsageSample[]> => {
    const row = await queryRow<{ tokens: number | string; micros: number | string }>(
      pool,
      `SELECT COALESCE(MAX(tokens_spent + tokens_held), 0) AS tokens, COALESCE(MAX(micros_spent + micros_held), 0) AS micros
       FROM spend WHERE ${RUNNING[scope]}`,
    )
    const { tokens, micros } = limits[scope] ?? {}
    return [
      ...(tokens === undefined ? [] : [{ scope, unit: 'tokens' as const, limit: tokens, used: Number(row.tokens) }]),
      ...(micros === undefined
        ? []
        : [{ scope, unit: 'money' as const, limit: micros / MICROS, used: Number(row.micros) / MICROS }]),
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
