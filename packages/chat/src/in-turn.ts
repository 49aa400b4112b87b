import { ChatError } from './errors.ts'

/**
 * Runs what it is given, so many at once; the rest wait their turn, first come first served, and no more of them than may
 * wait. @throws ChatError unavailable
 */
export function inTurn(
  count: number,
  maxWaiting = Number.POSITIVE_INFINITY,
): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: Array<() => void> = []
  let free = count
  return async (work) => {
    if (free > 0) free -= 1
    else {
      if (waiting.length >= maxWaiting) throw new ChatError('unavailable', undefined, { retry_after: 5 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift() // the turn goes over as it is: nobody slips in between
      if (next) next()
      else free += 1
    }
  }
}
