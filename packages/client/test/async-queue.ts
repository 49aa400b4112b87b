/** Queues values in order until a test takes them. */
export class AsyncQueue<T> {
  readonly #items: T[] = []
  readonly #waitingReaders: Array<(item: T) => void> = []
  /** Counts all values that were put, those that a test has taken included. */
  putCount = 0

  put(item: T): void {
    this.putCount += 1
    const resolveReader = this.#waitingReaders.shift()
    if (resolveReader) resolveReader(item)
    else this.#items.push(item)
  }

  next(): Promise<T> {
    if (this.#items.length > 0) return Promise.resolve(this.#items.shift() as T)
    return new Promise((resolve) => this.#waitingReaders.push(resolve))
  }
}
