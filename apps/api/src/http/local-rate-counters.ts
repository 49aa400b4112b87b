import type { RateCount } from '@engineer-chat/chat/operations'
import { AgedMap } from '@engineer-chat/process/aged-map'

const MAX_KEYS = 20_000

/**
 * Counts for this node alone while the shared counters cannot be reached: at worst each node allows the whole limit.
 */
export class LocalRateCounters {
  /**
   * The oldest window is removed first. A caller with invented keys can reset the windows of others, but cannot fill
   * the memory.
   */
  readonly #windows = new AgedMap<string, { used: number; endsAt: number }>(MAX_KEYS)
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  increment(key: string, windowMs: number): RateCount {
    const now = this.#now()
    const current = this.#windows.get(key)
    const window = current && current.endsAt > now ? current : { used: 0, endsAt: now + windowMs }
    window.used += 1
    if (window !== current) this.#windows.set(key, window)
    return { used: window.used, resetMs: window.endsAt - now }
  }
}
