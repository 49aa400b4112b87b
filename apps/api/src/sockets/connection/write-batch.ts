export interface Flushable {
  flush(): void
}

/**
 * Writes all frames of a tick for a socket together. With 1000 sockets in a room, the number of writes costs more than
 * their size.
 */
export class WriteBatch {
  #outboxes: Flushable[] = []

  /** Flushes the outbox at the end of this tick. */
  add(outbox: Flushable): void {
    if (this.#outboxes.push(outbox) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const outboxes = this.#outboxes
    this.#outboxes = []
    for (const outbox of outboxes) outbox.flush()
  }
}
