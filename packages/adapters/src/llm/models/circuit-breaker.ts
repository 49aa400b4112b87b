import { isFromBusyModel, type Llm, LlmError, type LlmStreamPart } from '@engineer-chat/chat/models'
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

export interface BreakerOptions {
  /** The breaker opens after this many failures in a row. */
  failures: number
  /** The breaker stays open for this long before one call may try the model again. */
  openMs: number
}

/** These failures come from the request itself and say nothing about the model. */
const REQUEST_FAILURES = ['llm_rejected', 'budget_exceeded']

/** A busy model works: its callers wait, and leaving it out would only turn their answers into fallbacks. */
const isModelFailure = (error: unknown): boolean =>
  error instanceof LlmError && !REQUEST_FAILURES.includes(error.code) && !isFromBusyModel(error)

/** The breaker is `half_open` while one call tests the model. */
export type BreakerState = 'closed' | 'open' | 'half_open'

export interface LlmWithBreaker extends Llm {
  getBreakerState(): BreakerState
}

/**
 * Puts a breaker before a model. After several failures in a row the model is not called for `openMs`, and its callers
 * fail immediately.
 */
export function createLlmWithBreaker(llm: Llm, { failures, openMs }: BreakerOptions): LlmWithBreaker {
  const breaker = circuitBreaker(handleWhen(isModelFailure), {
    halfOpenAfter: openMs,
    breaker: new ConsecutiveBreaker(failures),
  })

  /** Admits a call or throws. The caller settles the returned promise with the outcome of the call. */
  async function enter(): Promise<PromiseWithResolvers<void>> {
    // Another call is testing the model at this moment, so this one is refused.
    if (breaker.state === CircuitState.HalfOpen) throw createOpenCircuitError()
    const outcome = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const execution = breaker.execute(() => {
      entered.resolve()
      return outcome.promise
    })
    execution.catch(() => entered.reject(createOpenCircuitError()))
    await entered.promise
    return outcome
  }

  return {
    ...llm,
    getBreakerState: () => STATES[breaker.state],
    async *stream(request, signal): AsyncGenerator<LlmStreamPart> {
      const outcome = await enter()
      try {
        yield* llm.stream(request, signal)
      } catch (error) {
        outcome.reject(error)
        throw error
      } finally {
        // A caller aborts the call if the model takes too long. After the `reject` above, nothing here has an effect.
        const hasTimedOut = signal.aborted && isModelFailure(signal.reason)
        if (hasTimedOut) outcome.reject(signal.reason)
        else outcome.resolve()
      }
    },
  }
}

const STATES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
  [CircuitState.Isolated]: 'open',
}

const createOpenCircuitError = (): LlmError =>
  new LlmError('llm_unavailable', 'the model is left out for a while: it failed several times in a row', {
    transient: false,
    isFromBreaker: true,
  })
