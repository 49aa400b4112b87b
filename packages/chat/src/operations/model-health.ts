import type { AiHealth, ModelHealth } from '@engineer-chat/protocol'
import type { LlmCall } from '../replying/index.ts'

/** Says how the calls of one worker to a model went. Times are by the worker's clock. */
export interface ModelReport {
  model_id: string
  /** Null means that the model has no circuit breaker. */
  breaker: 'closed' | 'open' | 'half_open' | null
  last_success_at: string | null
  last_failure_at: string | null
  last_failure_code: string | null
}

export interface StoredModelReport extends ModelReport {
  /** True means that the worker has reported within the last 45 s. */
  is_live: boolean
}

/** Keeps the last report of each worker for a day, so that the last success is still known after a restart. */
export interface ModelHealthStore {
  /** Replaces the previous reports of this worker. */
  report(worker_id: string, reports: ModelReport[]): Promise<void>
  list(): Promise<StoredModelReport[]>
}

/**
 * Returns true if the model refused the call because it was busy. `keepsReservation` shows this, because no other
 * result of a call keeps the reservation. A busy model works, so the refusal is not recorded as a failure.
 */
export const isBusyRefusal = ({ error_code, keepsReservation = false }: LlmCall): boolean =>
  keepsReservation || error_code === 'llm_rate_limited'

type Breakers = Array<{ model_id: string; state: NonNullable<ModelReport['breaker']> }>

/** Remembers how the last calls of this process to these models ended. `getTimeMs` returns milliseconds since 1970. */
export function createModelHealthTracker(model_ids: string[], getTimeMs: () => number) {
  const noCalls = { last_success_at: null, last_failure_at: null, last_failure_code: null }
  const lastCalls = new Map<string, Omit<ModelReport, 'model_id' | 'breaker'>>(model_ids.map((id) => [id, noCalls]))
  return {
    recordCall(call: LlmCall): void {
      // `model` may be a name that the provider reported, so the id of the configured model has priority.
      const { model, model_id = model, outcome, error_code } = call
      const previous = lastCalls.get(model_id)
      if (!previous || outcome === 'cancelled' || isBusyRefusal(call)) return
      const ended_at = new Date(getTimeMs()).toISOString()
      if (outcome === 'ok') lastCalls.set(model_id, { ...previous, last_success_at: ended_at })
      else lastCalls.set(model_id, { ...previous, last_failure_at: ended_at, last_failure_code: error_code })
    },
    listReports(breakers: Breakers): ModelReport[] {
      const states = new Map(breakers.map(({ model_id, state }) => [model_id, state]))
      return [...lastCalls].map(([model_id, calls]) => ({ model_id, breaker: states.get(model_id) ?? null, ...calls }))
    },
  }
}

/** Returns the health of each model over all workers. */
export function sumModelReports(reports: StoredModelReport[]): Map<string, ModelHealth> {
  const byModel = Map.groupBy(reports, ({ model_id }) => model_id)
  return new Map([...byModel].map(([model_id, modelReports]) => [model_id, toModelHealth(modelReports)]))
}

function toModelHealth(reports: StoredModelReport[]): ModelHealth {
  const live = reports.filter(({ is_live }) => is_live)
  const lastFailure = reports.toSorted((a, b) => compareTimes(a.last_failure_at, b.last_failure_at)).at(-1)
  return {
    last_success_at: findLatest(reports.map(({ last_success_at }) => last_success_at)),
    last_failure_at: lastFailure?.last_failure_at ?? null,
    last_failure_code: lastFailure?.last_failure_code ?? null,
    workers: live.length,
    // A worker whose breaker is open does not call the model.
    left_out_by: live.filter(({ breaker }) => breaker === 'open').length,
  }
}

/** Sums up the health of all models. It names no model, because everybody may read `/readyz`. */
export function toAiHealth(models: ModelHealth[]): AiHealth {
  const live = models.filter(({ workers }) => workers > 0)
  return {
    last_success_at: findLatest(models.map(({ last_success_at }) => last_success_at)),
    models: live.length,
    left_out: live.filter(({ workers, left_out_by }) => left_out_by === workers).length,
  }
}

const compareTimes = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '')

const findLatest = (times: Array<string | null>): string | null => times.toSorted(compareTimes).at(-1) ?? null
