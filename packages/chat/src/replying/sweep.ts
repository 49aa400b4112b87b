import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'

const MOST = 500
/** A reply that waits in the queue is added again this often, which does nothing as long as the queue has it. */
const AGAIN_MS = 5_000

/** Asks again for replies that are due: never queued, lost with Redis, or their worker died. Gives their number. */
export async function requeueDueReplies(ctx: { replies: ReplyStore; queue: ReplyQueue }): Promise<number> {
  const due = await ctx.replies.takeDue(MOST, AGAIN_MS)
  if (due.length > 0) ctx.queue.add(due)
  return due.length
}
