import type { RateCount } from '@engineer-chat/chat/operations'
import { BoundedMap } from '@engineer-chat/process/bounded-map'

const MAX_KEYS = 20_000

/**
 * Counts the requests of this node while the shared counters cannot be reached. At worst each node allows the full
 * limit.
 */
export class LocalRateCounters {
  /**
   * The oldest window is removed first. So a caller who invents many keys can reset the windows of others, but cannot
   * fill the memory.
   */
  readonly #windows = new BoundedMap<string, { used: number; endsAtMs: number }>(MAX_KEYS)
  readonly #readNowMs: () => number

  constructor(readNowMs: () => number = () => performance.now()) {
    this.#readNowMs = readNowMs
  }

  increment(key: string, windowMs: number): RateCount {
    const nowMs = this.#readNowMs()
    const current = this.#windows.get(key)
    const window = current && current.endsAtMs > nowMs ? current : { used: 0, endsAtMs: nowMs + windowMs }
    window.used += 1
    if (window !== current) this.#windows.set(key, window)
    return { used: window.used, resetMs: window.endsAtMs - nowMs }
  }
}
