/**
 * Returns the result of `work`, or after `timeoutMs` the result of `onTimeout`, which may throw. The work is not
 * stopped, and its later result or error is ignored.
 */
export async function withTimeout<T, Late>(
  work: Promise<T>,
  timeoutMs: number,
  onTimeout: () => Late,
): Promise<T | Late> {
  const { promise: timedOut, resolve } = Promise.withResolvers<typeof TIMED_OUT>()
  const timer = setTimeout(resolve, timeoutMs, TIMED_OUT)
  try {
    const result = await Promise.race([work, timedOut])
    return result === TIMED_OUT ? onTimeout() : result
  } finally {
    clearTimeout(timer)
  }
}

const TIMED_OUT = Symbol('timed out')
