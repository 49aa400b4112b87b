/** Keeps entries in the order of their age. A key that is set again is the youngest. Beyond `maxSize` the oldest is deleted. */
export class AgedMap<K, V> {
  readonly #maxSize: number
  readonly #entries = new Map<K, V>()
  /** One iterator is kept, because each new one would walk over all deleted entries. */
  readonly #byAge = this.#entries.keys()

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
    const oldest = this.#byAge.next()
    if (!oldest.done) this.#entries.delete(oldest.value)
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
