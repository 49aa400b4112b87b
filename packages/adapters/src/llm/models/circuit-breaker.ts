import { type Llm, LlmError, type LlmPiece } from '@engineer-chat/chat/models'
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

export interface BreakerOptions {
  /** The breaker opens after this many failures in a row. */
  failures: number
  /** The breaker stays open for this long before one call may try the model again. */
  open_ms: number
}

/** These failures come from the question itself and say nothing about the model. */
const NOT_ITS_FAULT = ['llm_rejected', 'budget_exceeded']

const isItsFault = (error: unknown): boolean => error instanceof LlmError && !NOT_ITS_FAULT.includes(error.code)

/** The breaker is `half_open` while one question tries the model. */
export type BreakerState = 'closed' | 'open' | 'half_open'

export interface GuardedLlm extends Llm {
  breakerState(): BreakerState
}

/**
 * Creates the breaker of a model. A model that failed several times in a row is not asked for a while, and its callers fail
 * at once.
 */
export function withBreaker(llm: Llm, { failures, open_ms }: BreakerOptions): GuardedLlm {
  const breaker = circuitBreaker(handleWhen(isItsFault), {
    halfOpenAfter: open_ms,
    breaker: new ConsecutiveBreaker(failures),
  })

  /** Admits a call or throws. Returns the promise that takes the call's outcome. */
  async function enter(): Promise<PromiseWithResolvers<void>> {
    // Another call is trying the model at this moment, for all.
    if (breaker.state === CircuitState.HalfOpen) throw createOpenCircuitError()
    const went = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const watched = breaker.execute(() => {
      entered.resolve()
      return went.promise
    })
    watched.catch(() => entered.reject(createOpenCircuitError()))
    await entered.promise
    return went
  }

  return {
    ...llm,
    breakerState: () => STATES[breaker.state],
    async *stream(request, signal): AsyncGenerator<LlmPiece> {
      const went = await enter()
      try {
        yield* llm.stream(request, signal)
      } catch (error) {
        went.reject(error)
        throw error
      } finally {
        const isOver = signal.aborted && isItsFault(signal.reason) // The reader leaves when the model takes too long.
        if (isOver) went.reject(signal.reason)
        else went.resolve()
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
  })
