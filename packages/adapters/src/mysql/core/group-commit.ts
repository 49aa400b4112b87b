import { setImmediate as nextTurn } from 'node:timers/promises'

interface WaitingItem<I, O> {
  item: I
  resolve(outcome: O | Promise<O>): void
  reject(error: unknown): void
}

export interface GroupCommitOptions<I, O> {
  /**
   * Runs all items or none. The outcomes have the items' order. If an outcome is a promise, only its own item waits for
   * it.
   */
  run(batch: I[]): Promise<Array<O | Promise<O>>>
  /** Limits the items of one batch. */
  max: number
  /** Limits the batches that run at the same time. The default is one. */
  concurrency?: number
  /** Limits the items that wait. Further items are refused at once with `full`. */
  maxWaiting: number
  /** Creates the error of an item that is refused, because too many items wait. */
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
  concurrency = 1,
  maxWaiting,
  full,
  divisible,
}: GroupCommitOptions<I, O>): (item: I) => Promise<O> {
  const waiting: Array<WaitingItem<I, O>> = []
  let running = 0

  const flush = (): void => {
    const batch = waiting.splice(0, max)
    if (batch.length === 0) return
    running += 1
    void settle(batch, () => {
      running -= 1
      flush()
    })
  }

  const settle = async (batch: Array<WaitingItem<I, O>>, done: () => void): Promise<void> => {
    try {
      const outcomes = await run(batch.map((entry) => entry.item))
      done()
      if (running > 0) await nextTurn() // The next batch starts before this batch's answers are built.
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome)
    } catch (error) {
      if (batch.length > 1 && divisible(error)) for (const entry of batch) void settle([entry], () => {})
      else for (const entry of batch) entry.reject(error)
      done() // The next batch does not wait for the slowest of the items that run singly.
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(full())
      waiting.push({ item, resolve, reject })
      if (running < concurrency) flush()
    })
}
