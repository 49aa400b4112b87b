export interface ConcurrencyOptions {
  /** At most this many pieces of work wait; `refuse` creates the error for one more. Without options all of them wait. */
  maxWaiting: number
  /** Creates the error for work that may not wait. */
  refuse(): Error
}

/** Runs at most `maxRunning` pieces of work at once. The rest wait and run in the order of their calls. */
export function limitConcurrency(
  maxRunning: number,
  options?: ConcurrencyOptions,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: Array<() => void> = []
  let freeSlots = maxRunning
  return async (work) => {
    if (freeSlots > 0) freeSlots -= 1
    else {
      if (options && waiting.length >= options.maxWaiting) throw options.refuse()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift() // The slot is handed over directly, so that no later caller takes it.
      if (next) next()
      else freeSlots += 1
    }
  }
}
