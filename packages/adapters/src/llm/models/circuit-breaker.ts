import { type Llm, LlmError, type LlmPiece } from '@engineer-chat/chat/models'
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel'

export interface BreakerOptions {
  /** Failures in a row. */
  failures: number
  /** How long nobody is let through, before one is to try. */
  open_ms: number
}

/** What a question brings about by itself says nothing of the model. */
const NOT_ITS_FAULT = ['llm_rejected', 'budget_exceeded']

const isItsFault = (error: unknown): boolean => error instanceof LlmError && !NOT_ITS_FAULT.includes(error.code)

/** Whether a model is asked: `half_open` while one question tries it. */
export type BreakerState = 'closed' | 'open' | 'half_open'

export interface GuardedLlm extends Llm {
  breakerState(): BreakerState
}

/** A model that failed several times in a row is not asked for a while: whoever wants it hears so at once. */
export function withBreaker(llm: Llm, { failures, open_ms }: BreakerOptions): GuardedLlm {
  const breaker = circuitBreaker(handleWhen(isItsFault), {
    halfOpenAfter: open_ms,
    breaker: new ConsecutiveBreaker(failures),
  })

  /** Lets a call through, or not; gives what is to be told how it went. */
  async function enter(): Promise<PromiseWithResolvers<void>> {
    if (breaker.state === CircuitState.HalfOpen) throw createOpenCircuitError() // somebody tries it just now, for all
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
        const isOver = signal.aborted && isItsFault(signal.reason) // its reader has left, because it took too long
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
