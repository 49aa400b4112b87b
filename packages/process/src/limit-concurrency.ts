export interface ConcurrencyOptions {
  /** Limits the pieces of work that wait, and by the same number the urgent ones. Without options there is no limit. */
  maxWaiting: number
  /** Creates the error that a call gets if its queue is full. */
  createError(): Error
}

/** Urgent work runs before all other work that waits, and has a queue of its own that the other work cannot fill. */
export type RunLimited = <T>(work: () => Promise<T>, urgency?: { isUrgent: boolean }) => Promise<T>

/** Runs at most `maxRunning` pieces of work at once. The rest wait and run in the order of their calls. */
export function limitConcurrency(maxRunning: number, options?: ConcurrencyOptions): RunLimited {
  const urgent: Array<() => void> = []
  const others: Array<() => void> = []
  let freeSlots = maxRunning
  return async (work, { isUrgent } = { isUrgent: false }) => {
    if (freeSlots > 0) freeSlots -= 1
    else {
      const waiting = isUrgent ? urgent : others
      if (options && waiting.length >= options.maxWaiting) throw options.createError()
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = urgent.shift() ?? others.shift() // The slot is handed over directly, so that no later caller takes it.
      if (next) next()
      else freeSlots += 1
    }
  }
}
