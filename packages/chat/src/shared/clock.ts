/** Provides time and random numbers, so that a test need not wait and can choose the numbers. */
export interface Clock {
  /** Returns the milliseconds since an arbitrary moment. Only the difference between two results has a meaning. */
  now(): number
  /** Resolves after `ms`. Rejects with the signal's reason as soon as the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
  /** Returns a number that is at least 0 and below 1. */
  random(): number
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep,
  random: Math.random,
}

/**
 * Is used instead of `setTimeout` of `node:timers/promises`, which creates an error with a stack for each sleep that
 * is aborted. That costs time, and nearly all sleeps are aborted.
 */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  if (signal.aborted) reject(signal.reason)
  else {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  }
  return promise
}
