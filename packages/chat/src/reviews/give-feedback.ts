import type { Feedback, FeedbackGiven } from '@engineer-chat/protocol'
import type { Rights } from '../people/index.ts'
import { ownReplyIn } from '../replying/index.ts'
import type { MessageStore } from '../rooms/index.ts'
import { type Caller, wellFormed } from '../shared/index.ts'

/** The caller's verdict on their own finished reply; the last one counts. @throws ChatError message_not_found */
export async function giveFeedback(
  ctx: { rights: Rights; messages: MessageStore },
  caller: Caller,
  { message_id, rating, comment }: Feedback & { message_id: string },
): Promise<FeedbackGiven> {
  await ownReplyIn(ctx, caller, message_id)
  const text = comment === undefined ? null : wellFormed(comment, '/comment')
  const { updated_at } = await ctx.messages.feedback(caller.user_id, message_id, rating, text)
  return { message_id, rating, ...(comment === undefined ? {} : { comment }), updated_at }
}
