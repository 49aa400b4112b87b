export interface ConcurrencyOptions {
  /** Limits how many may wait. One more is refused with `refuse`. Without a limit everybody waits. */
  maxWaiting: number
  /** Creates the error that refuses one more. */
  refuse(): Error
}

/** Runs at most `count` pieces of work at once. The rest wait, first come first served. */
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
      const next = waiting.shift() // The slot is handed over directly, so that no later caller takes it.
      if (next) next()
      else free += 1
    }
  }
}
