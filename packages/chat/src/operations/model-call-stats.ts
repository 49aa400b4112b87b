import type { ModelCalls } from '@engineer-chat/protocol'

/**
 * Sums up the calls to one model. All fields are sums, so the stats of several days can be added. The database stores
 * them as JSON (`chat_days.figures`), so the fields keep their names.
 */
export interface CallStats {
  /** Counts all calls, also those that failed or were cancelled. */
  made: number
  failed: number
  cancelled: number
  prompt_tokens: number
  completion_tokens: number
  /** Counts the calls whose cost is known. */
  priced: number
  /** Sums up the known costs, in millionths of the models file's currency. */
  cost_micros: number
}

/** The key is the configured model's id. */
export type CallStatsByModel = Record<string, CallStats>

/** Lists the models with the most calls first. A cost of null means that no call has a known cost. */
export const toModelCalls = (statsByModel: CallStatsByModel): ModelCalls[] =>
  Object.entries(statsByModel)
    .map(([model_id, { priced, cost_micros, ...sums }]) => ({
      model_id,
      ...sums,
      cost_micros: priced === 0 ? null : cost_micros,
    }))
    .sort((a, b) => b.made - a.made || (a.model_id < b.model_id ? -1 : 1))
