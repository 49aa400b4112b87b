import type { LimitedModel } from '../../models/index.ts'
import type { ReplyQueue } from '../../shared/index.ts'
import type { AnswerContext } from '../answer-context.ts'
import type { ReplyStore } from '../reply-store.ts'
import { listNextReplies } from './slots.ts'

/** Queues the replies that are next for these models, if calls to them may begin now. */
export async function wakeWaitingReplies(
  ctx: { replies: Pick<ReplyStore, 'findSlotFacts'>; queue: ReplyQueue },
  models: LimitedModel[],
): Promise<void> {
  for (const model of models) {
    const nextReplies = listNextReplies(model.capacity, await ctx.replies.findSlotFacts(model))
    // These replies go to the front of the queue. Behind hundreds of other jobs, they would leave the free slots of
    // their model unused.
    ctx.queue.add(
      nextReplies.map(({ message_id, attempt }) => ({ message_id, attempt })),
      { isFirst: true },
    )
  }
}

/** Wakes the next replies of the models whose slots have become free. If this fails, the sweep does it. */
export async function wakeForFreeSlots(ctx: AnswerContext, modelIds: Iterable<string>): Promise<void> {
  const ids = new Set(modelIds)
  if (ids.size === 0) return
  const models = ctx.models.limitedModels.filter(({ id }) => ids.has(id))
  await wakeWaitingReplies(ctx, models).catch((cause) => ctx.log.error('EngineerChat.waiting_not_woken', {}, cause))
}
