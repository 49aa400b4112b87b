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
    for (const listener of [...this.#listeners]) listener(value)
  }
}
