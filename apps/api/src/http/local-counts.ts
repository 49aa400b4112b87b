import type { Counted } from '@engineer-chat/chat'

const MAX_KEYS = 20_000

/** This node's own counts, for as long as the shared ones can't be had: at worst each node allows the whole limit. */
export class LocalCounts {
  readonly #windows = new Map<string, { used: number; ends: number }>()
  readonly #byAge = this.#windows.keys() // one that is kept: each new one would walk over all that was deleted before
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  count(key: string, window_ms: number): Counted {
    const now = this.#now()
    const open = this.#windows.get(key)
    const window = open && open.ends > now ? open : { used: 0, ends: now + window_ms }
    window.used += 1
    if (window !== open) this.#begin(key, window)
    return { used: window.used, reset_ms: window.ends - now }
  }

  // The oldest goes first: whoever makes up keys frees others' windows, which costs less than memory without end.
  #begin(key: string, window: { used: number; ends: number }): void {
    this.#windows.delete(key)
    this.#windows.set(key, window)
    if (this.#windows.size <= MAX_KEYS) return
    const oldest = this.#byAge.next()
    if (!oldest.done) this.#windows.delete(oldest.value)
  }
}
