export interface ConcurrencyOptions {
  /** Limits the work that waits in each queue: the one for urgent and the one for other work. */
  maxWaiting: number
  /** Creates the error that is thrown if a queue is full. */
  createError(): Error
}

/** Urgent work runs before all other waiting work. It has a separate queue, so that other work cannot fill it. */
export type RunLimited = <T>(work: () => Promise<T>, urgency?: { isUrgent: boolean }) => Promise<T>

/**
 * Runs at most `maxRunning` pieces of work at the same time. The others wait and run in the order of their calls.
 * Without options any number may wait.
 */
export function limitConcurrency(maxRunning: number, options?: ConcurrencyOptions): RunLimited {
  const urgentQueue: Array<() => void> = []
  const otherQueue: Array<() => void> = []
  let freeSlots = maxRunning
  return async (work, { isUrgent } = { isUrgent: false }) => {
    if (freeSlots > 0) freeSlots -= 1
    else {
      const queue = isUrgent ? urgentQueue : otherQueue
      if (options && queue.length >= options.maxWaiting) throw options.createError()
      await new Promise<void>((resolve) => queue.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = urgentQueue.shift() ?? otherQueue.shift() // The slot goes directly to the next waiting call.
      if (next) next()
      else freeSlots += 1
    }
  }
}
