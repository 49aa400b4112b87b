import type { ModelCalls } from '@engineer-chat/protocol'

/** Sums up the calls to one model. All fields are sums, so the stats of several days can be added. */
export interface CallStats {
  made: number
  failed: number
  cancelled: number
  prompt_tokens: number
  completion_tokens: number
  /** Counts the calls whose cost is known. */
  priced: number
  /** Sums up the cost of the `priced` calls, in millionths of the models file's currency. */
  cost_micros: number
}

/** The key is the configured model's id. */
export type CallStatsByModel = Record<string, CallStats>

export const toModelCalls = (calls: CallStatsByModel): ModelCalls[] =>
  Object.entries(calls)
    .map(([model_id, { priced, cost_micros, ...sums }]) => ({
      model_id,
      ...sums,
      cost_micros: priced === 0 ? null : cost_micros,
    }))
    .sort((a, b) => b.made - a.made || (a.model_id < b.model_id ? -1 : 1))
