export type Unsubscribe = () => void

/** Holds functions and calls each of them with every value. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>()

  add(listener: (value: T) => void): Unsubscribe {
    this.#all.add(listener)
    return () => {
      this.#all.delete(listener)
    }
  }

  notify(value: T): void {
    for (const listener of [...this.#all]) listener(value)
  }
}
