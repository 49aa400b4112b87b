import type { InjectedFault } from '../faults/fault-injector.ts'
import type { LlmCall } from '../testbed/llm.ts'
import type { ModelLimits } from '../testbed/models.ts'
import { type Interval, listOverlaps } from './intervals.ts'

/**
 * A worker that was frozen, or that could not reach MySQL, does not know that its lease has lapsed. It may begin or
 * continue a call for this time after the end of its fault.
 */
const LATE_CALL_MS = 5_000
/**
 * This check compares the calls within this time with the limit for a minute. The product counts a call before the
 * model gets it, so calls that the product counts a minute apart may reach the model closer together.
 */
const COUNTED_MINUTE_MS = 55_000

/**
 * Checks that no model got more calls than its limits allow, from all workers together. It ignores a call during which
 * another worker may have got the call's slot.
 */
export function checkLimits(
  calls: readonly LlmCall[],
  faults: readonly InjectedFault[],
  limits: Record<string, ModelLimits>,
): string[] {
  return Object.entries(limits).flatMap(([model, { maxConcurrent, requestsPerMinute }]) => {
    const countedCalls = calls.filter(
      (call) => call.model === model && !faults.some((fault) => mayLoseSlot(fault, call)),
    )
    const concurrentExcesses = maxConcurrent === null ? [] : listOverlaps(countedCalls, maxConcurrent + 1)
    const minuteExcesses = requestsPerMinute === null ? [] : listOverlappingMinutes(countedCalls, requestsPerMinute + 1)
    return [
      ...concurrentExcesses.map(
        ({ startMs, endMs }) =>
          `${model} had more than ${maxConcurrent} calls at once for ${Math.round(endMs - startMs)} ms: ` +
          describeCalls(countedCalls.filter((call) => call.startMs <= startMs && call.endMs > startMs)),
      ),
      ...minuteExcesses.map(
        ({ startMs }) =>
          `${model} had more than ${requestsPerMinute} calls in a minute: ` +
          describeCalls(
            countedCalls.filter((call) => call.startMs <= startMs && call.startMs > startMs - COUNTED_MINUTE_MS),
          ),
      ),
    ]
  })
}

const describeCalls = (calls: LlmCall[]): string =>
  calls.map(({ worker, question }) => `${worker} with "${question.slice(0, 20)}"`).join(', ')

/**
 * Says whether the fault may have ended the lease of the call's reply, and with it the slot, before the connection to
 * the model was closed.
 */
function mayLoseSlot({ type, targets, startMs, endMs }: InjectedFault, call: LlmCall): boolean {
  if (type === 'deploy' || call.endMs < startMs || call.startMs > endMs + LATE_CALL_MS) return false
  // While the link to the model is broken, the model does not notice that the worker has closed the connection.
  return [call.worker, `${call.worker}→mysql`, `${call.worker}→llm`, 'mysql'].some((name) => targets.includes(name))
}

/** Lists the periods in which at least `minCount` calls had begun within the last COUNTED_MINUTE_MS. */
const listOverlappingMinutes = (calls: LlmCall[], minCount: number): Interval[] =>
  listOverlaps(
    calls.map(({ startMs }) => ({ startMs, endMs: startMs + COUNTED_MINUTE_MS })),
    minCount,
  )

/**
 * Maps each model to the intervals in which it was busy, because its calls had reached a limit. Each interval is
 * extended by `noticeMs`, because waiting workers need this time to notice that the model takes calls again.
 */
export function mapBusyIntervals(
  calls: readonly LlmCall[],
  limits: Record<string, ModelLimits>,
  noticeMs: number,
): Map<string, Interval[]> {
  const listBusyIntervals = (model: string, { maxConcurrent, requestsPerMinute }: ModelLimits): Interval[] => {
    const modelCalls = calls.filter((call) => call.model === model)
    const minutes = modelCalls.map(({ startMs }) => ({ startMs, endMs: startMs + 60_000 }))
    return [
      ...(maxConcurrent === null ? [] : listOverlaps(modelCalls, maxConcurrent)),
      ...(requestsPerMinute === null ? [] : listOverlaps(minutes, requestsPerMinute)),
    ].map(({ startMs, endMs }) => ({ startMs, endMs: endMs + noticeMs }))
  }
  return new Map(Object.entries(limits).map(([model, modelLimits]) => [model, listBusyIntervals(model, modelLimits)]))
}
