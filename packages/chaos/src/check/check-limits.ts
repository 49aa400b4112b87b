import type { LlmCall } from '../cluster/llm.ts'
import type { ModelLimits } from '../cluster/models.ts'
import type { InjectedFault } from '../faults/fault-injector.ts'
import { type Interval, listCrowdedTimes } from './intervals.ts'

/**
 * A worker that could not reach MySQL or did not run may call on a slot whose lease is over, and may keep a call open. It
 * may still do so for this time after its fault.
 */
const LATE_MS = 5_000
/** The product counts a call a bit earlier than the model, so that a minute at the model is a bit shorter. */
const MINUTE_MS = 55_000

/**
 * Checks that no model got more calls than its limits allow, from all workers together. Left out are the calls of a
 * worker whose lease another one may have taken over meanwhile.
 */
export function checkLimits(
  calls: readonly LlmCall[],
  faults: readonly InjectedFault[],
  limits: Record<string, ModelLimits>,
): string[] {
  return Object.entries(limits).flatMap(([model, { maxConcurrent, requestsPerMinute }]) => {
    const counted = calls.filter((call) => call.model === model && !faults.some((fault) => mayLose(fault, call)))
    const tooMany = maxConcurrent === null ? [] : listCrowdedTimes(counted, maxConcurrent + 1)
    const tooOften = requestsPerMinute === null ? [] : listCrowdedMinutes(counted, requestsPerMinute + 1)
    return [
      ...tooMany.map((time) => `${model} had more than ${maxConcurrent} calls at once: ${describeTime(time, counted)}`),
      ...tooOften.map(
        (time) => `${model} had more than ${requestsPerMinute} calls in a minute: ${describeTime(time, counted)}`,
      ),
    ]
  })
}

const describeTime = ({ startMs, endMs }: Interval, calls: LlmCall[]): string =>
  `for ${Math.round(endMs - startMs)} ms, of ${calls
    .filter((call) => call.startMs <= startMs && call.endMs > startMs)
    .map(({ worker, question }) => `${worker} "${question.slice(0, 20)}"`)
    .join(', ')}`

/** Says whether the fault may have let the lease of this call lapse while the call went on. */
function mayLose({ type, targets, startMs, endMs }: InjectedFault, call: LlmCall): boolean {
  if (type === 'deploy' || call.endMs < startMs || call.startMs > endMs + LATE_MS) return false
  return [call.worker, `${call.worker}→mysql`, `${call.worker}→llm`, 'mysql'].some((name) => targets.includes(name))
}

const listCrowdedMinutes = (calls: LlmCall[], limit: number): Interval[] =>
  listCrowdedTimes(
    calls.map(({ startMs }) => ({ startMs, endMs: startMs + MINUTE_MS })),
    limit,
  )

/**
 * Maps each model to the times in which it had no room for another call. A worker that waits for room learns of it
 * within `noticedMs`.
 */
export function mapFullTimes(
  calls: readonly LlmCall[],
  limits: Record<string, ModelLimits>,
  noticedMs: number,
): Map<string, Interval[]> {
  const listFullTimes = (model: string, { maxConcurrent, requestsPerMinute }: ModelLimits): Interval[] => {
    const own = calls.filter((call) => call.model === model)
    const minutes = own.map(({ startMs }) => ({ startMs, endMs: startMs + 60_000 }))
    return [
      ...(maxConcurrent === null ? [] : listCrowdedTimes(own, maxConcurrent)),
      ...(requestsPerMinute === null ? [] : listCrowdedTimes(minutes, requestsPerMinute)),
    ].map(({ startMs, endMs }) => ({ startMs, endMs: endMs + noticedMs }))
  }
  return new Map(Object.entries(limits).map(([model, one]) => [model, listFullTimes(model, one)]))
}
