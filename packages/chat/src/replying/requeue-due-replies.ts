import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'

const MAX_DUE_REPLIES = 500
/** A waiting reply is added again after this pause, which does nothing while the queue has it. */
const REQUEUE_INTERVAL_MS = 5_000

/** Queues replies that are due: nobody queued them, Redis lost them, or their worker died. Returns their number. */
export async function requeueDueReplies(ctx: { replies: ReplyStore; queue: ReplyQueue }): Promise<number> {
  const due = await ctx.replies.takeDue(MAX_DUE_REPLIES, REQUEUE_INTERVAL_MS)
  if (due.length > 0) ctx.queue.add(due)
  await ctx.replies.forgetEndedPostponements()
  return due.length
}
