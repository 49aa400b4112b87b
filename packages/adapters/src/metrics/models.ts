import type { Registry } from 'prom-client'
import { createGauge, shareRead } from './gauges.ts'

const STATES = ['closed', 'open', 'half_open'] as const

/** Creates one series for each state of each breaker. The series of the current state is 1, the others are 0. */
export function measureBreakers(
  registry: Registry,
  breakers: () => Array<{ model_id: string; state: (typeof STATES)[number] }>,
): void {
  createGauge(
    registry,
    {
      name: 'engineer_chat_ai_breaker_state',
      help: "State of a model's breaker in this worker: called (closed), skipped (open) or tested (half_open).",
      labels: ['model', 'state'],
    },
    () =>
      breakers().flatMap(({ model_id, state: currentState }) =>
        STATES.map((state): [{ model: string; state: string }, number] => [
          { model: model_id, state },
          state === currentState ? 1 : 0,
        ]),
      ),
  )
}

/** Holds the limit of a budget that is set, and how much is spent or reserved. */
export interface BudgetUsageSample {
  scope: 'user' | 'event' | 'all'
  /** Money is counted in the currency of the models file. */
  unit: 'tokens' | 'money'
  limit: number
  /** For `user` and `event`, this is the use of the one user or event that has used most. */
  used: number
}

export function measureBudgets(registry: Registry, readUsage: () => Promise<BudgetUsageSample[]>): void {
  const read = shareRead(readUsage)
  const labels: Array<'scope' | 'unit'> = ['scope', 'unit']
  createGauge(
    registry,
    { name: 'engineer_chat_budget_limit', help: 'Limit of each budget that is set.', labels },
    async () => (await read()).map(({ scope, unit, limit }) => [{ scope, unit }, limit]),
  )
  createGauge(
    registry,
    {
      name: 'engineer_chat_budget_used',
      help: 'Spent and reserved: today by everybody, today by the user with most, in total for the event with most.',
      labels,
    },
    async () => (await read()).map(({ scope, unit, used }) => [{ scope, unit }, used]),
  )
}
