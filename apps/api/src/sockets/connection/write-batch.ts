export interface Waiting {
  flush(): void
}

/**
 * Writes all frames that one tick has for a socket at once, because with 1000 sockets in a room the number of writes
 * costs more than their size.
 */
export class WriteBatch {
  #waiting: Waiting[] = []

  /** Flushes the outbox at the end of this tick. */
  add(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const all = this.#waiting
    this.#waiting = []
    for (const waiting of all) waiting.flush()
  }
}
