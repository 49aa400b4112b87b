/** A map in the order of age: what is set anew is the youngest. Beyond `maxSize` the oldest entry goes. */
export class AgedMap<K, V> {
  readonly #maxSize: number
  readonly #entries = new Map<K, V>()
  /** One iterator that is kept: each new one would walk over all that was deleted before. */
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
