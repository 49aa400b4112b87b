import type { ReplyJob } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'

/** At most this many replies wait. Further replies are left to the next sweep. */
const MAX_WAITING = 1_000

/** Counts the replies that this process answers, and queues those that wait until it has less to do. */
export interface AnswersInFlight {
  start(reply: ReplyJob): Promise<void>
  /** Starts replies that did not come from the queue, as many in parallel as with a queue. */
  startWhenFree(replies: ReplyJob[]): void
  /** Resolves when all replies have ended, or after this time. No waiting reply starts any more. */
  finish(graceMs: number): Promise<void>
  /** Lets the handlers release their replies, for at most this time. */
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
