import { setImmediate as nextTurn } from 'node:timers/promises'

interface Waiting<I, O> {
  item: I
  resolve(outcome: O): void
  reject(error: unknown): void
}

export interface GroupCommitOptions<I, O> {
  /** Runs all items or none. The outcomes stand in the items' order. */
  run(batch: I[]): Promise<O[]>
  /** Limits the items of one batch. */
  max: number
  /** Limits the items that wait. Further items are refused at once with `full`. */
  maxWaiting: number
  full(): Error
  /** Returns true if one item alone may have caused the failure. Then each item of the batch runs by itself. */
  divisible(error: unknown): boolean
}

/**
 * Implements group commit. Items that arrive while a batch is running form the next batch. There is no timer: an item
 * that comes alone runs at once, and batches grow with the load.
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
      const outcomes = await run(batch.map((entry) => entry.item))
      done()
      if (running) await nextTurn() // The next batch starts before this batch's answers are built.
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome)
    } catch (error) {
      if (batch.length > 1 && divisible(error)) await Promise.all(batch.map((entry) => settle([entry], () => {})))
      else for (const entry of batch) entry.reject(error)
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
