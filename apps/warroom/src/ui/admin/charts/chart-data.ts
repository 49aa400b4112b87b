import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'

/** Holds the counts of one day. */
export type CountedDay = Analytics['days'][number]

const DAY_MS = 86_400_000

/** Lists every day of the range in order. A day without counts has no `counted`. */
export function listEveryDay({
  from,
  to,
  days,
}: Pick<Analytics, 'from' | 'to' | 'days'>): { day: string; counted?: CountedDay }[] {
  const countedByDay = new Map(days.map((counted) => [counted.day, counted]))
  const everyDay: { day: string; counted?: CountedDay }[] = []
  for (let timeMs = Date.parse(from); timeMs <= Date.parse(to); timeMs += DAY_MS) {
    const day = new Date(timeMs).toISOString().slice(0, 10)
    const counted = countedByDay.get(day)
    everyDay.push(counted ? { day, counted } : { day })
  }
  return everyDay
}

/**
 * Returns the statistics of one model, or of all if `model` is undefined; null stands for the replies without a model.
 * Returns undefined if the model has no counts.
 */
export function findStats(
  counted: Pick<CountedDay, 'all' | 'models'>,
  model: string | null | undefined,
): AnalyticsFigures | undefined {
  if (model === undefined) return counted.all
  return counted.models.find((counts) => counts.model === model)?.figures
}

export interface ModelCalls {
  made: number
  failed: number
  cancelled: number
  prompt_tokens: number
  completion_tokens: number
  cost_micros: number | null
  /** Holds the number of calls on each day of the range. */
  by_day: number[]
}

/** Adds up the calls of each model over all days, by the id of the model. The model may be no longer configured. */
export function sumCalls(analytics: Analytics): Map<string, ModelCalls> {
  const days = listEveryDay(analytics)
  const callsByModel = new Map<string, ModelCalls>()
  for (const [index, { counted }] of days.entries()) {
    for (const { model_id, cost_micros, ...calls } of counted?.calls ?? []) {
      const total = callsByModel.get(model_id) ?? createEmptyCalls(days.length)
      callsByModel.set(model_id, total)
      for (const name of ['made', 'failed', 'cancelled', 'prompt_tokens', 'completion_tokens'] as const)
        total[name] += calls[name]
      if (cost_micros !== null) total.cost_micros = (total.cost_micros ?? 0) + cost_micros
      total.by_day[index] = calls.made
    }
  }
  return callsByModel
}

export const createEmptyCalls = (dayCount: number): ModelCalls => ({
  made: 0,
  failed: 0,
  cancelled: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cost_micros: null,
  by_day: Array.from({ length: dayCount }, () => 0),
})
