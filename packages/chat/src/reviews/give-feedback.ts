import type { Feedback, StoredFeedback } from '@engineer-chat/protocol'
import type { RightsLookup } from '../people/index.ts'
import { getOwnReply } from '../replying/index.ts'
import type { OwnReplyStore } from '../rooms/index.ts'
import { listNoEvent, type Principal, requireWellFormed, type VerbReport } from '../shared/index.ts'

/**
 * Stores the caller's rating of a finished reply to their own question. An earlier rating is replaced together with its
 * comment, also if the new rating has no comment.
 * @throws ChatError forbidden, message_not_found, validation_failed
 */
export async function giveFeedback(
  ctx: { rights: RightsLookup; messages: OwnReplyStore },
  caller: Principal,
  { message_id, rating, comment }: Feedback & { message_id: string },
): Promise<StoredFeedback> {
  await getOwnReply(ctx, caller, message_id)
  const checkedComment = comment === undefined ? null : requireWellFormed(comment, '/comment')
  const { updated_at } = await ctx.messages.storeFeedback(caller.user_id, message_id, rating, checkedComment)
  return { message_id, rating, ...(comment === undefined ? {} : { comment }), updated_at }
}

giveFeedback.report = {
  listShownEvents: listNoEvent,
  log: ({ caller: { user_id }, result: { message_id, rating } }) => ({
    event: 'EngineerChat.feedback_given',
    fields: { user_id, message_id, reason: rating },
  }),
} satisfies VerbReport<Feedback & { message_id: string }, StoredFeedback>
