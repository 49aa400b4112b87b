/** Provides time and random numbers, so that a test need not wait and can choose the numbers. */
export interface Clock {
  /** Returns milliseconds since an arbitrary moment; only differences between two calls have a meaning. */
  now(): number
  /** @throws the signal's reason, immediately, when it is aborted */
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
 * Replaces Node's own timer promise, which creates an error with a stack for each sleep that ends early. Nearly all
 * sleeps end early.
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
