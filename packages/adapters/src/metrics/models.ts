import type { Registry } from 'prom-client'
import { createGauge, shareRead } from './gauges.ts'

const STATES = ['closed', 'open', 'half_open'] as const

/** Creates one series for each state of each breaker. The series of the current state is 1, the others are 0. */
export function measureBreakers(
  registry: Registry,
  breakers: () => Array<{ model: string; state: (typeof STATES)[number] }>,
): void {
  createGauge(
    registry,
    {
      name: 'engineer_chat_ai_breaker_state',
      help: 'Whether a model is asked (closed), left out (open), or tried again (half_open), by this worker.',
      labels: ['model', 'state'],
    },
    () =>
      breakers().flatMap(({ model, state: currentState }) =>
        STATES.map((state): [{ model: string; state: string }, number] => [
          { model, state },
          state === currentState ? 1 : 0,
        ]),
      ),
  )
}

/** Holds a budget that is set, and how much of it is spent or reserved. */
export interface BudgetUsageSample {
  scope: 'user' | 'event' | 'all'
  /** Money is counted in the currency of the models file. */
  unit: 'tokens' | 'money'
  limit: number
  /** For `user` and `event`, this is what the user or event with the most use has used. */
  used: number
}

export function measureBudgets(registry: Registry, readUsage: () => Promise<BudgetUsageSample[]>): void {
  const read = shareRead(readUsage)
  const labels: Array<'scope' | 'unit'> = ['scope', 'unit']
  createGauge(registry, { name: 'engineer_chat_budget_limit', help: 'What may be spent.', labels }, async () =>
    (await read()).map(({ scope, unit, limit }) => [{ scope, unit }, limit]),
  )
  createGauge(
    registry,
    {
      name: 'engineer_chat_budget_used',
      help: 'What is spent and held: by everybody today, by the user with most today, for the event with most.',
      labels,
    },
    async () => (await read()).map(({ scope, unit, used }) => [{ scope, unit }, used]),
  )
}
