import { setImmediate as nextTurn } from 'node:timers/promises'

interface Waiting<I, O> {
  item: I
  resolve(outcome: O): void
  reject(error: unknown): void
}

export interface GroupCommitOptions<I, O> {
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
export function groupCommit<I, O>({
  run,
  max,
  maxWaiting,
  full,
  divisible,
}: GroupCommitOptions<I, O>): (item: I) => Promise<O> {
  const waiting: Array<Waiting<I, O>> = []
  let running = false

  const flush = (): void => {
    const batch = waiting.splice(0, max)
    running = batch.length > 0
    if (running) void settle(batch, flush)
  }

  const settle = async (batch: Array<Waiting<I, O>>, done: () => void): Promise<void> => {
    try {
      const outcomes = await run(batch.map((one) => one.item))
      done()
      if (running) await nextTurn() // the next batch is under way before this one's answers are made
      for (const [index, one] of batch.entries()) one.resolve(outcomes[index] as O)
    } catch (error) {
      if (batch.length > 1 && divisible(error)) await Promise.all(batch.map((one) => settle([one], () => {})))
      else for (const one of batch) one.reject(error)
      done()
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(full())
      waiting.push({ item, resolve, reject })
      if (!running) flush()
    })
}
