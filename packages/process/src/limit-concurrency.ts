export interface ConcurrencyOptions {
  /** How many may wait; one more is refused with `refuse`. Without it everybody waits. */
  maxWaiting: number
  /** The error that refuses one more. */
  refuse(): Error
}

/** Runs at most `count` pieces of work at once; the rest wait, first come first served. */
export function limitConcurrency(
  count: number,
  options?: ConcurrencyOptions,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: Array<() => void> = []
  let free = count
  return async (work) => {
    if (free > 0) free -= 1
    else {
      if (options && waiting.length >= options.maxWaiting) throw options.refuse()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift() // The turn goes over as it is, so that nobody who came later takes it.
      if (next) next()
      else free += 1
    }
  }
}
