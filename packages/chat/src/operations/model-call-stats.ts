import type { ModelCalls } from '@engineer-chat/protocol'

/** What was asked of one model: sums, so that those of days add up. */
export interface CallStats {
  made: number
  failed: number
  cancelled: number
  prompt_tokens: number
  completion_tokens: number
  /** How many of them have a known cost, and what they cost together. */
  priced: number
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
