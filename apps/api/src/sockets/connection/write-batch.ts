export interface Waiting {
  flush(): void
}

/**
 * Writes all frames that one tick has for a socket at once: with a thousand sockets in a room, the number of writes
 * costs, not their size.
 */
export class WriteBatch {
  #waiting: Waiting[] = []

  /** Flushes it at the end of this tick. */
  add(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const all = this.#waiting
    this.#waiting = []
    for (const waiting of all) waiting.flush()
  }
}
