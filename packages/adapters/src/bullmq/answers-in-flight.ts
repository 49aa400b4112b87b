import type { ReplyJob } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'

/** At most this many replies wait. Further ones are dropped, and the next sweep finds them. */
const MAX_WAITING = 1_000

/** Tracks the replies that this process is writing, and the ones that wait until it writes fewer replies. */
export interface AnswersInFlight {
  /** Starts to write a reply of the queue at once. Resolves when the handler has ended. */
  start(reply: ReplyJob): Promise<void>
  /** Starts to write replies that did not come from the queue, as soon as fewer than `concurrency` are in flight. */
  startWhenFree(replies: ReplyJob[]): void
  /** Drops the waiting replies. Resolves when all running handlers have ended, or after this time. */
  finish(graceMs: number): Promise<void>
  /** Aborts the running handlers. Resolves when they have released their replies, or after this time. */
  abort(timeoutMs: number): Promise<void>
}

export function createAnswersInFlight(
  concurrency: number,
  handle: (reply: ReplyJob, signal: AbortSignal) => Promise<void>,
  onFailure: (cause: Error) => void,
): AnswersInFlight {
  const shutdown = new AbortController()
  const inFlight = new Set<Promise<void>>()
  const waiting = new Map<string, ReplyJob>()
  const start = (reply: ReplyJob): Promise<void> => {
    const handling = handle(reply, shutdown.signal).finally(() => {
      inFlight.delete(handling)
      startWaiting()
    })
    inFlight.add(handling)
    return handling
  }
  const startWaiting = () => {
    for (const [message_id, reply] of waiting) {
      if (inFlight.size >= concurrency) return
      waiting.delete(message_id)
      start(reply).catch(onFailure)
    }
  }
  const waitUntilIdle = async (): Promise<void> => {
    while (inFlight.size > 0) await Promise.allSettled(inFlight)
  }
  return {
    start,
    startWhenFree(replies) {
      for (const reply of replies) if (waiting.size < MAX_WAITING) waiting.set(reply.message_id, reply)
      startWaiting()
    },
    async finish(graceMs) {
      waiting.clear()
      await withTimeout(waitUntilIdle(), graceMs, () => undefined)
    },
    async abort(timeoutMs) {
      shutdown.abort(new Error('The worker is shutting down.'))
      await withTimeout(waitUntilIdle(), timeoutMs, () => undefined)
    },
  }
}
