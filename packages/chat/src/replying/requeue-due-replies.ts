import type { ModelChains } from '../models/index.ts'
import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'
import { wakeWaitingReplies } from './waiting/wake-waiting-replies.ts'

/** One run queues at most this many due replies. */
const MAX_DUE_REPLIES = 500
/** A reply that is still due after this pause is queued again. A second job has no effect while the first is queued. */
const REQUEUE_INTERVAL_MS = 5_000

/**
 * Queues the replies that are due: nobody queued them, Redis lost their job, or their worker died. Resolves to their
 * number. It also wakes the replies whose turn it is at a limited model.
 */
export async function requeueDueReplies(ctx: {
  replies: ReplyStore
  queue: ReplyQueue
  models: Pick<ModelChains, 'limitedModels'>
}): Promise<number> {
  const due = await ctx.replies.takeDue(MAX_DUE_REPLIES, REQUEUE_INTERVAL_MS)
  if (due.length > 0) ctx.queue.add(due)
  // Nobody may have woken these replies: a worker died before it could, or a slot became free because a lease expired.
  await wakeWaitingReplies(ctx, ctx.models.limitedModels)
  await ctx.replies.forgetEndedPostponements()
  return due.length
}
