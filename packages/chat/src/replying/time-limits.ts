import { type CallTimeLimits, LlmError } from '../models/index.ts'
import type { Clock } from '../shared/index.ts'

/** Holds when a call began and when the latest part of its stream arrived, in milliseconds of the clock. */
export interface StreamProgress {
  startedAtMs: number
  lastPartAtMs: number | null
}

/**
 * Resolves with the failure when a call exceeds one of its time limits. It checks the limits only when its timer ends,
 * so that the arrival of a token needs no new timer.
 * @throws the reason of `callOver` when it is aborted
 */
export async function waitForLimit(
  clock: Clock,
  limits: CallTimeLimits,
  progress: StreamProgress,
  callOver: AbortSignal,
): Promise<LlmError> {
  for (;;) {
    const { endsAtMs, message } = findNextLimit(limits, progress)
    const waitMs = endsAtMs - clock.now()
    if (waitMs <= 0) return new LlmError('llm_timeout', message, { transient: true })
    await clock.sleep(waitMs, callOver)
  }
}

function findNextLimit(
  { total_ms, first_token_ms, idle_ms }: CallTimeLimits,
  { startedAtMs, lastPartAtMs }: StreamProgress,
) {
  const completion = { endsAtMs: startedAtMs + total_ms, message: `no complete answer in ${total_ms} ms` }
  const nextToken =
    lastPartAtMs === null
      ? {
          endsAtMs: startedAtMs + (first_token_ms ?? Number.POSITIVE_INFINITY),
          message: `no token in ${first_token_ms} ms`,
        }
      : {
          endsAtMs: lastPartAtMs + (idle_ms ?? Number.POSITIVE_INFINITY),
          message: `no further token in ${idle_ms} ms`,
        }
  return nextToken.endsAtMs < completion.endsAtMs ? nextToken : completion
}
