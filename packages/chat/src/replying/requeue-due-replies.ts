import type { ModelChains } from '../models/index.ts'
import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'
import { wakeWaitingReplies } from './waiting/wake-waiting-replies.ts'

const MAX_DUE_REPLIES = 500
/** A due reply is queued again after this pause. That has no effect while its job is still in the queue. */
const REQUEUE_INTERVAL_MS = 5_000

/**
 * Queues replies that are due: nobody queued them, Redis lost them, or their worker died. Returns their number. Those
 * that wait for a limited model are queued in their turn.
 */
export async function requeueDueReplies(ctx: {
  replies: ReplyStore
  queue: ReplyQueue
  models: Pick<ModelChains, 'limited'>
}): Promise<number> {
  const due = await ctx.replies.takeDue(MAX_DUE_REPLIES, REQUEUE_INTERVAL_MS)
  if (due.length > 0) ctx.queue.add(due)
  // Nobody may have woken these replies: a worker died before it could, or a slot became free because a lease expired.
  await wakeWaitingReplies(ctx, ctx.models.limited)
  await ctx.replies.forgetEndedPostponements()
  return due.length
}
