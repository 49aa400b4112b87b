/** Runs what it is given, so many at once; the rest wait their turn, first come first served. */
export function atMost(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: Array<() => void> = []
  let free = count
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift() // the turn goes over as it is: nobody slips in between
      if (next) next()
      else free += 1
    }
  }
}
