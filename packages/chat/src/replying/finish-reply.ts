import type { AnswerContext } from './answer-context.ts'
import type { Lease } from './lease.ts'
import type { ReplyOutcome } from './reply-store.ts'

const MAX_WRITES = 12
const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 5_000

/**
 * Ends the reply with one conditional write, and notifies the room and the queue. It repeats a failed write for about
 * half a minute, which is safe because of the fence token. Resolves to false if another worker has the reply.
 * @throws the last error of the store, or the reason of `shutdown` if it ends a wait; the sweep finds the reply later
 */
export async function finishReply(
  ctx: AnswerContext,
  lease: Lease,
  outcome: ReplyOutcome,
  shutdown: AbortSignal,
): Promise<boolean> {
  for (let writes = 1; ; writes++) {
    try {
      const finished = await ctx.replies.finish(lease.ref, outcome)
      if (!finished) return false
      ctx.bus.publish(finished.change)
      if (finished.job) ctx.queue.add([finished.job])
      return true
    } catch (error) {
      if (writes === MAX_WRITES || shutdown.aborted) throw error
      ctx.log.error('EngineerChat.reply_not_stored', { ...lease.ref, count: writes }, error)
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (writes - 1), LONGEST_WAIT_MS)
      await ctx.clock.sleep(waitMs * (0.5 + ctx.clock.random() / 2), shutdown)
    }
  }
}
