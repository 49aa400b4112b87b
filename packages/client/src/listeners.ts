export type RemoveListener = () => void

/** Keeps a set of listeners and calls each of them with every value. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>()

  add(listener: (value: T) => void): RemoveListener {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  notify(value: T): void {
    // It iterates over a copy, so a listener that is added meanwhile is first called with the next value.
    for (const listener of [...this.#listeners]) listener(value)
  }
}
