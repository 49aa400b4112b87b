import type { AnswerContext } from './answer-context.ts'
import type { Lease } from './lease.ts'
import type { ReplyOutcome } from './reply-store.ts'

/** With the waits between them, these writes take about half a minute. */
const MAX_WRITES = 12
const FIRST_WAIT_MS = 200
const MAX_WAIT_MS = 5_000

/**
 * Ends the reply with a conditional write. Then it announces the change to the room and queues the session's next
 * reply. A failed write is repeated, up to `MAX_WRITES` writes in total. The fence token makes the repetition safe.
 * Resolves to false if another worker has the reply, or if it has ended already.
 * @throws the store's last error, or the reason of `shutdown` if the shutdown interrupts a wait. After both, the sweep
 * finds the reply.
 */
export async function finishReply(
  ctx: AnswerContext,
  lease: Lease,
  outcome: ReplyOutcome,
  shutdown: AbortSignal,
): Promise<boolean> {
  for (let writeCount = 1; ; writeCount++) {
    try {
      const finished = await ctx.replies.finish(lease.ref, outcome)
      if (!finished) return false
      ctx.bus.publish(finished.change)
      if (finished.job) ctx.queue.add([finished.job])
      return true
    } catch (error) {
      if (writeCount === MAX_WRITES || shutdown.aborted) throw error
      ctx.log.error('EngineerChat.reply_not_stored', { ...lease.ref, count: writeCount }, error)
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (writeCount - 1), MAX_WAIT_MS)
      await ctx.clock.sleep(waitMs * (0.5 + ctx.clock.random() / 2), shutdown)
    }
  }
}
