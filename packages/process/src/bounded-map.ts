/** Holds at most `maxSize` entries. A full map deletes the entry that was set the longest time ago. */
export class BoundedMap<K, V> {
  readonly #maxSize: number
  readonly #entries = new Map<K, V>()
  /**
   * Yields the keys in the order in which they were set. It is kept, because a new iterator would first skip the slots
   * of all deleted entries, which takes linear time.
   */
  readonly #keysByAge = this.#entries.keys()

  constructor(maxSize: number) {
    this.#maxSize = maxSize
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  set(key: K, value: V): void {
    this.#entries.delete(key)
    this.#entries.set(key, value)
    if (this.#entries.size <= this.#maxSize) return
    const oldest = this.#keysByAge.next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
