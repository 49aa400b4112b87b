import type { RateCount } from '@engineer-chat/chat/operations'
import { AgedMap } from '@engineer-chat/process/aged-map'

const MAX_KEYS = 20_000

/**
 * Counts for this node alone while the shared counters cannot be reached: at worst each node allows the whole limit.
 */
export class LocalRateCounters {
  /**
   * The oldest window is forgotten first. A caller who makes up keys can free others' windows, but never fill the
   * memory.
   */
  readonly #windows = new AgedMap<string, { used: number; ends: number }>(MAX_KEYS)
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  increment(key: string, window_ms: number): RateCount {
    const now = this.#now()
    const open = this.#windows.get(key)
    const window = open && open.ends > now ? open : { used: 0, ends: now + window_ms }
    window.used += 1
    if (window !== open) this.#windows.set(key, window)
    return { used: window.used, reset_ms: window.ends - now }
  }
}
