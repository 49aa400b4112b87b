import type { AiHealth, ModelHealth } from '@engineer-chat/protocol'
import type { LlmCall } from '../replying/index.ts'

/** Says how the last calls of one worker to one model ended. Times are by the worker's clock. */
export interface ModelReport {
  model_id: string
  /** Null means that the model has no circuit breaker. */
  breaker: 'closed' | 'open' | 'half_open' | null
  last_success_at: string | null
  last_failure_at: string | null
  last_failure_code: string | null
}

export interface StoredModelReport extends ModelReport {
  /** True means that the worker has sent this report within the last 45 s. */
  is_live: boolean
}

/**
 * Keeps the last report of each worker on each model for a day. So the last success is still known after a worker has
 * restarted.
 */
export interface ModelHealthStore {
  /** Stores the worker's reports. A report replaces the previous one of the same worker on the same model. */
  report(worker_id: string, reports: ModelReport[]): Promise<void>
  /** Lists the reports of all workers, also of those that are not live. */
  list(): Promise<StoredModelReport[]>
}

type BreakerStates = Array<{ model_id: string; state: NonNullable<ModelReport['breaker']> }>

/**
 * Remembers how the last calls of this process to these models ended. Calls to other models are ignored. `getTimeMs`
 * returns milliseconds since 1970.
 */
export function createModelHealthTracker(model_ids: string[], getTimeMs: () => number) {
  const noCalls = { last_success_at: null, last_failure_at: null, last_failure_code: null }
  const lastCalls = new Map<string, Omit<ModelReport, 'model_id' | 'breaker'>>(model_ids.map((id) => [id, noCalls]))
  return {
    recordCall(call: LlmCall): void {
      // `model` may be a name that the provider reported. It is used as the id only if the call has no `model_id`.
      const { model, model_id = model, outcome, error_code, isFromBreaker = false, isFromBusyModel = false } = call
      const previous = lastCalls.get(model_id)
      // The refusal of a breaker would hide the failure that opened it.
      if (!previous || outcome === 'cancelled' || isFromBreaker || isFromBusyModel) return
      const ended_at = new Date(getTimeMs()).toISOString()
      if (outcome === 'ok') lastCalls.set(model_id, { ...previous, last_success_at: ended_at })
      else lastCalls.set(model_id, { ...previous, last_failure_at: ended_at, last_failure_code: error_code })
    },
    listReports(breakerStates: BreakerStates): ModelReport[] {
      const stateByModel = new Map(breakerStates.map(({ model_id, state }) => [model_id, state]))
      return [...lastCalls].map(([model_id, calls]) => {
        const breaker = stateByModel.get(model_id) ?? null
        return { model_id, breaker, ...calls }
      })
    },
  }
}

/** Sums up the reports of all workers on each model. The key is the configured model's id. */
export function toHealthByModel(reports: StoredModelReport[]): Map<string, ModelHealth> {
  const reportsByModel = Map.groupBy(reports, ({ model_id }) => model_id)
  return new Map([...reportsByModel].map(([model_id, modelReports]) => [model_id, toModelHealth(modelReports)]))
}

function toModelHealth(reports: StoredModelReport[]): ModelHealth {
  const liveReports = reports.filter(({ is_live }) => is_live)
  const lastFailure = reports.toSorted((a, b) => compareTimes(a.last_failure_at, b.last_failure_at)).at(-1)
  return {
    last_success_at: findLatest(reports.map(({ last_success_at }) => last_success_at)),
    last_failure_at: lastFailure?.last_failure_at ?? null,
    last_failure_code: lastFailure?.last_failure_code ?? null,
    workers: liveReports.length,
    // These workers do not call the model, because their breakers are open.
    left_out_by: liveReports.filter(({ breaker }) => breaker === 'open').length,
  }
}

/** Sums up the health of all models. The result names no model, because everybody may read it at `/readyz`. */
export function toAiHealth(models: ModelHealth[]): AiHealth {
  const liveModels = models.filter(({ workers }) => workers > 0)
  return {
    last_success_at: findLatest(models.map(({ last_success_at }) => last_success_at)),
    models: liveModels.length,
    left_out: liveModels.filter(({ workers, left_out_by }) => left_out_by === workers).length,
  }
}

/** Null is earlier than any time. */
const compareTimes = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '')

const findLatest = (times: Array<string | null>): string | null => times.toSorted(compareTimes).at(-1) ?? null
