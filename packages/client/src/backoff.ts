export interface Backoff {
  /** Limits the first wait; each further limit is twice the limit before it. */
  firstMaxMs: number
  maxMs: number
  /** Returns a number from 0 up to but excluding 1. */
  random(): number
}

/**
 * Returns a random wait below the limit min(maxMs, firstMaxMs · 2^earlierFailures). Full jitter makes clients that lost
 * their connection at the same time reconnect at different times. The failure that causes this wait is not counted, so
 * `earlierFailures` is 0 for the first wait.
 */
export function pickBackoffMs(backoff: Backoff, earlierFailures: number): number {
  return backoff.random() * Math.min(backoff.maxMs, backoff.firstMaxMs * 2 ** earlierFailures)
}

/** Resolves after this time. @throws the signal's reason when it is aborted */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const cancel = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', cancel)
      resolve()
    }, ms)
    signal?.addEventListener('abort', cancel, { once: true })
  })
}
