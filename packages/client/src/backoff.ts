export interface Backoff {
  /** The most that the first wait may take; it doubles from there. */
  firstMs: number
  maxMs: number
  /** 0 to 1. */
  random(): number
}

/** Full jitter: anything between nothing and the limit, so that a crowd that fell together doesn't return together. */
export function backoffMs(backoff: Backoff, attempt: number): number {
  return backoff.random() * Math.min(backoff.maxMs, backoff.firstMs * 2 ** Math.min(attempt, 30))
}

/** @throws the signal's reason when it is aborted */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
