import type { BudgetLimits } from '@engineer-chat/chat'
import type { WorkerEnvironment } from './variables.ts'

/** The budgets that are set. A limit of money is kept in millionths. */
export function budgetsOf(env: WorkerEnvironment): BudgetLimits {
  const limits = {
    user: limitOf(env.LLM_BUDGET_USER_DAILY_TOKENS, env.LLM_BUDGET_USER_DAILY_COST),
    event: limitOf(env.LLM_BUDGET_EVENT_TOKENS, env.LLM_BUDGET_EVENT_COST),
    all: limitOf(env.LLM_BUDGET_DAILY_TOKENS, env.LLM_BUDGET_DAILY_COST),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

function limitOf(tokens: number | undefined, cost: number | undefined): BudgetLimits['user'] {
  if (tokens === undefined && cost === undefined) return undefined
  return { ...(tokens !== undefined && { tokens }), ...(cost !== undefined && { micros: Math.round(cost * 1e6) }) }
}
