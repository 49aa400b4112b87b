import { BoundedMap } from '@engineer-chat/process/bounded-map'

export interface ExpiringCache<V> {
  /** Returns what was read under this key less than `maxAgeMs` ago, or what `load` reads now. */
  get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined>
  /** Discards all entries. A read that is running still answers the callers that wait for it, but no later ones. */
  clear(): void
}

interface Entry<V> {
  /** The age counts from the start of the read, because the data may have changed right after it. */
  startedAtMs: number
  value: Promise<V | undefined>
}

/**
 * Concurrent readers of one key share one read. Failures and `undefined` are not kept, because a missing row may be
 * created at any moment. Beyond `maxEntries` the oldest entries are removed.
 */
export function createExpiringCache<V>(options: {
  maxAgeMs: number
  maxEntries: number
  now?: () => number
}): ExpiringCache<V> {
  const { maxAgeMs, maxEntries, now = () => performance.now() } = options
  const entries = new BoundedMap<string, Entry<V>>(maxEntries)

  const read = async (key: string, load: () => Promise<V | undefined>): Promise<V | undefined> => {
    const entry: Entry<V> = { startedAtMs: now(), value: load() }
    entries.set(key, entry)
    const forget = () => {
      if (entries.get(key) === entry) entries.delete(key)
    }
    try {
      const value = await entry.value
      if (value === undefined) forget()
      return value
    } catch (error) {
      forget()
      throw error
    }
  }

  return {
    async get(key, load) {
      const cached = entries.get(key)
      return cached && now() - cached.startedAtMs < maxAgeMs ? cached.value : read(key, load)
    },
    clear: () => entries.clear(),
  }
}
