export interface Waiting {
  flush(): void
}

/**
 * All that one tick has for a socket leaves in one write: with a thousand sockets in a room it is the number of writes
 * that costs, not what is in them.
 */
export class WriteBatch {
  #waiting: Waiting[] = []

  /** Is flushed at the end of this tick. */
  add(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const all = this.#waiting
    this.#waiting = []
    for (const one of all) one.flush()
  }
}
