import { type CallLimits, LlmError } from '../models/index.ts'
import type { Clock } from '../shared/index.ts'

/** Holds when a call began and when its last piece arrived, in milliseconds of the clock. */
export interface StreamProgress {
  startedAtMs: number
  lastPieceAtMs: number | null
}

/**
 * Resolves with the failure once a call exceeds one of its limits. It uses one timer and checks the limits when the
 * timer ends, so a token costs nothing.
 * @throws when `over` is aborted
 */
export async function waitForLimit(
  clock: Clock,
  limits: CallLimits,
  progress: StreamProgress,
  callOver: AbortSignal,
): Promise<LlmError> {
  for (;;) {
    const { at, what } = findNextLimit(limits, progress)
    const wait = at - clock.now()
    if (wait <= 0) return new LlmError('llm_timeout', what, { transient: true })
    await clock.sleep(wait, callOver)
  }
}

function findNextLimit(
  { total_ms, first_token_ms, idle_ms }: CallLimits,
  { startedAtMs: began, lastPieceAtMs: last }: StreamProgress,
) {
  const total = { at: began + total_ms, what: `no complete answer in ${total_ms} ms` }
  const next =
    last === null
      ? { at: began + (first_token_ms ?? Number.POSITIVE_INFINITY), what: `no token in ${first_token_ms} ms` }
      : { at: last + (idle_ms ?? Number.POSITIVE_INFINITY), what: `no further token in ${idle_ms} ms` }
  return next.at < total.at ? next : total
}
