import type { ModelChains } from '../models/index.ts'
import type { ReplyQueue } from '../shared/index.ts'
import type { ReplyStore } from './reply-store.ts'
import { wakeWaitingReplies } from './waiting/wake-waiting-replies.ts'

const MAX_DUE_REPLIES = 500
/** A waiting reply is added again after this pause, which does nothing while the queue has it. */
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
  // A waking may be lost: its worker died, or a slot became free because a lease lapsed.
  await wakeWaitingReplies(ctx, ctx.models.limited)
  await ctx.replies.forgetEndedPostponements()
  return due.length
}
