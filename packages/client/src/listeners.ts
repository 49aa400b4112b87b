export type Unsubscribe = () => void

/** Who wants to hear of something. */
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
