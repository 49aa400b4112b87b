import type { ModelChains } from '../models/index.ts'
import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'
import { wakeWaitingReplies } from './waiting/wake-waiting-replies.ts'

/** One run queues at most this many due replies. */
const MAX_DUE_REPLIES = 500
/** A reply that no worker has claimed after this time is queued again. If its job is still queued, nothing happens. */
const REQUEUE_INTERVAL_MS = 5_000

/**
 * Queues the replies that are due. Either nobody queued them, or Redis lost their job, or their worker died. It also
 * wakes the replies whose turn it is at a limited model, and removes old records of postponed replies. Resolves to the
 * number of due replies, without those that it woke.
 */
export async function requeueDueReplies(ctx: {
  replies: ReplyStore
  queue: ReplyQueue
  models: Pick<ModelChains, 'limitedModels'>
}): Promise<number> {
  const dueReplies = await ctx.replies.takeDue(MAX_DUE_REPLIES, REQUEUE_INTERVAL_MS)
  if (dueReplies.length > 0) ctx.queue.add(dueReplies)
  // A reply can miss its turn: a worker died before it woke the reply, or a slot became free because a lease expired.
  await wakeWaitingReplies(ctx, ctx.models.limitedModels)
  await ctx.replies.forgetEndedPostponements()
  return dueReplies.length
}
