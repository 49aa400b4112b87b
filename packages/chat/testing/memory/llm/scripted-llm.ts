import type { Llm, LlmRequest, LlmStreamPart } from '../../../src/models/llm.ts'

/** Describes one step of a call: text, any part of a stream, a gate to wait at, or an error to throw. */
export type ScriptStep = string | LlmStreamPart | Promise<unknown> | Error

/** Lists the calls in order; the last one is repeated. A call without a `finish` is a stream that breaks off. */
export type Script = ScriptStep[][] | ((request: LlmRequest, call: number) => ScriptStep[])

export interface ScriptedLlm extends Llm {
  readonly requests: LlmRequest[]
  /** Resolves with its request once the nth call, from 1, has begun. */
  waitForCall(nth: number): Promise<LlmRequest>
}

export function createScriptedLlm(script: Script, model = 'scripted'): ScriptedLlm {
  const requests: LlmRequest[] = []
  const calls: Array<PromiseWithResolvers<LlmRequest>> = []
  const call = (nth: number) => (calls[nth - 1] ??= Promise.withResolvers())

  return {
    model,
    provider: 'scripted',
    requests,
    waitForCall: (nth) => call(nth).promise,
    async *stream(request, signal) {
      const nth = requests.push(request)
      call(nth).resolve(request)
      const steps = typeof script === 'function' ? script(request, nth) : (script[nth - 1] ?? script.at(-1) ?? [])
      for (const step of steps) {
        signal.throwIfAborted()
        if (step instanceof Error) throw step
        if (step instanceof Promise) await rejectOnAbort(step, signal)
        else yield typeof step === 'string' ? { type: 'text', text: step } : step
      }
      signal.throwIfAborted()
    },
  }
}

/** Creates the stream part that ends a successful call. */
export const createFinish = (reason: 'stop' | 'length' = 'stop', model = 'scripted'): LlmStreamPart => ({
  type: 'finish',
  reason,
  usage: { prompt_tokens: 10, completion_tokens: 5 },
  model,
})

/** Creates a promise that the test opens. A promise that is never opened hangs until the signal is aborted. */
export function createGate(): Promise<void> & { open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return Object.assign(promise, { open: () => resolve() })
}

function rejectOnAbort(promise: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
}
