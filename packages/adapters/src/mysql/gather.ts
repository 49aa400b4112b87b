interface Waiting<I, O> {
  item: I
  resolve(outcome: O): void
  reject(error: unknown): void
}

export interface Gathered<I, O> {
  /** Does all or nothing; the outcomes stand in the items' order. */
  run(batch: I[]): Promise<O[]>
  /** Items in one batch. */
  max: number
  /** Items that wait at most; further ones are refused at once with `full`. */
  maxWaiting: number
  full(): Error
  /** Whether the failure may be one item's alone: then each of the batch runs by itself. */
  divisible(error: unknown): boolean
}

/**
 * Group commit. While one batch runs, items gather; when it returns, all that gathered go as one. No timer: an item that
 * comes alone goes at once, and the busier it gets, the larger the batches.
 */
export function gather<I, O>({ run, max, maxWaiting, full, divisible }: Gathered<I, O>): (item: I) => Promise<O> {
  let waiting: Array<Waiting<I, O>> = []
  let running = false

  const settle = async (batch: Array<Waiting<I, O>>): Promise<void> => {
    try {
      const outcomes = await run(batch.map((one) => one.item))
      for (const [index, one] of batch.entries()) one.resolve(outcomes[index] as O)
    } catch (error) {
      if (batch.length > 1 && divisible(error)) await Promise.all(batch.map((one) => settle([one])))
      else for (const one of batch) one.reject(error)
    }
  }

  const flush = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, max)
      waiting = waiting.slice(max)
      await settle(batch)
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(full())
      waiting.push({ item, resolve, reject })
      if (!running) void flush()
    })
}
