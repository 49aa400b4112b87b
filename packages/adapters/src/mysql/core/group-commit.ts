import { setImmediate as waitForImmediate } from 'node:timers/promises'

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
  maxBatchItems: number
  /**
   * At most this many batches run at the same time; items that run singly after a failure are not counted. The default
   * is one.
   */
  concurrency?: number
  /** At most this many items wait. A further item is refused at once. */
  maxWaiting: number
  /** Creates the error for an item that is refused because `maxWaiting` items wait already. */
  createFullError(): Error
  /** Says, after a batch has failed with this error, whether each of its items runs again in a batch of its own. */
  shouldRunSingly(error: unknown): boolean
}

/**
 * Implements group commit. Items that arrive while a batch is running form the next batch. There is no timer: an item
 * that comes alone runs at once, and batches grow with the load.
 */
export function groupCommit<I, O>({
  run,
  maxBatchItems,
  concurrency = 1,
  maxWaiting,
  createFullError,
  shouldRunSingly,
}: GroupCommitOptions<I, O>): (item: I) => Promise<O> {
  const waiting: Array<WaitingItem<I, O>> = []
  let running = 0

  const flush = (): void => {
    const batch = waiting.splice(0, maxBatchItems)
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
      if (running > 0) await waitForImmediate() // The next batch starts before this batch's callers continue.
      for (const [index, outcome] of outcomes.entries()) batch[index]?.resolve(outcome)
    } catch (error) {
      if (batch.length > 1 && shouldRunSingly(error)) for (const entry of batch) void settle([entry], () => {})
      else for (const entry of batch) entry.reject(error)
      done() // The next batch does not wait for the slowest of the items that run singly.
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) return reject(createFullError())
      waiting.push({ item, resolve, reject })
      if (running < concurrency) flush()
    })
}
