import type { ReplyQueue, ReplyRef } from '../../../src/shared/reply-queue.ts'

export interface MemoryQueue extends ReplyQueue {
  /** Lists the jobs that no worker has taken yet. */
  readonly waiting: readonly ReplyRef[]
  /** Lists the jobs with a delay. `take` never returns them: in tests, the sweep finds their replies. */
  readonly delayed: ReadonlyArray<ReplyRef & { delayMs: number }>
  /** Resolves to the next job, which is active until `markDone`, or to undefined when the signal is aborted. */
  take(signal?: AbortSignal): Promise<ReplyRef | undefined>
  markDone(ref: ReplyRef): void
  /** Passes jobs to `handle` as a worker does, one at a time. `close` aborts the signal and waits for the handler. */
  consume(handle: (ref: ReplyRef, signal: AbortSignal) => Promise<void>): { close(): Promise<void> }
  /** Loses every waiting job, as FLUSHALL does. */
  flush(): void
}

const toJobId = (ref: ReplyRef): string => `reply-${ref.message_id}-${ref.attempt}`

export function createMemoryQueue(isLost: () => boolean): MemoryQueue {
  let waiting: ReplyRef[] = []
  /** Holds the ids of the jobs that wait or are active. */
  const queuedIds = new Set<string>()
  const delayed: Array<ReplyRef & { delayMs: number }> = []
  let takers: Array<(ref: ReplyRef) => void> = []

  const take = async (signal?: AbortSignal): Promise<ReplyRef | undefined> => {
    if (signal?.aborted) return undefined
    const next = waiting.shift()
    if (next) return next
    const { promise, resolve } = Promise.withResolvers<ReplyRef | undefined>()
    takers.push(resolve)
    const stopWaiting = () => {
      takers = takers.filter((taker) => taker !== resolve)
      resolve(undefined)
    }
    signal?.addEventListener('abort', stopWaiting, { once: true })
    const ref = await promise
    signal?.removeEventListener('abort', stopWaiting)
    return ref
  }
  const giveToTakers = () => {
    for (const ref of waiting.splice(0, takers.length)) takers.shift()?.(ref)
  }
  const markDone = (ref: ReplyRef) => void queuedIds.delete(toJobId(ref))

  return {
    get waiting() {
      return waiting
    },
    delayed,
    add(jobs, { delayMs = 0, isFirst = false } = {}) {
      if (delayMs > 0) return void delayed.push(...jobs.map((ref) => ({ ...ref, delayMs })))
      if (isLost()) return
      const newJobs: ReplyRef[] = []
      for (const ref of jobs) {
        if (queuedIds.has(toJobId(ref))) continue
        queuedIds.add(toJobId(ref))
        newJobs.push({ ...ref })
      }
      if (isFirst) waiting.unshift(...newJobs)
      else waiting.push(...newJobs)
      giveToTakers()
    },
    take,
    markDone,
    consume: (handle) => consume({ take, markDone }, handle),
    flush() {
      for (const ref of waiting) markDone(ref)
      waiting = []
    },
  }
}

function consume(queue: Pick<MemoryQueue, 'take' | 'markDone'>, handle: Parameters<MemoryQueue['consume']>[0]) {
  const stop = new AbortController()
  const loop = async () => {
    for (let ref = await queue.take(stop.signal); ref; ref = await queue.take(stop.signal)) {
      await handle(ref, stop.signal).finally(() => ref && queue.markDone(ref))
    }
  }
  const running = loop()
  running.catch(() => {}) // `close` reports the failure.
  return {
    close: () => {
      stop.abort()
      return running
    },
  }
}
