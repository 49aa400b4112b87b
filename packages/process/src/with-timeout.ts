/**
 * Returns what `work` returns, or after `timeoutMs` what `onTimeout` returns or throws. The work itself continues, and its later
 * result is dropped.
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
