export interface Backoff {
  /** Limits the first wait; each further limit is twice the limit before it. */
  firstMs: number
  maxMs: number
  /** Returns a number from 0 up to but excluding 1. */
  random(): number
}

/** Limits the exponent. By this number of doublings, every limit has reached `maxMs`. */
const MAX_DOUBLINGS = 30

/**
 * Returns a wait between 0 and the limit (full jitter), so that clients that lost their connection at the same time
 * reconnect at different times.
 */
export function pickBackoffMs(backoff: Backoff, attempt: number): number {
  return backoff.random() * Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt, MAX_DOUBLINGS))
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
