import type { CursorQuery, FlaggedFilter, FlaggedReply, JudgeReply } from '@engineer-chat/protocol'
import { adminOnly } from '../people/index.ts'
import { type Caller, ChatError, type Items, wellFormed } from '../shared/index.ts'
import type { Flagged, Reviews } from './review-store.ts'

interface ReviewContext {
  reviews: Reviews
  /** Whether admins see the text of private sessions, too. Whoever shows it puts each look on record first. */
  showPrivateText: boolean
}

/** Answers in which the output filter found something, for admins. @throws ChatError forbidden */
export async function listFlagged(
  ctx: ReviewContext,
  caller: Caller,
  { limit = 50, ...query }: CursorQuery & FlaggedFilter,
): Promise<Items<FlaggedReply>> {
  adminOnly(caller)
  const { items, next_cursor } = await ctx.reviews.list({ ...query, limit })
  return { items: items.map((item) => shown(ctx, caller, item)), next_cursor }
}

/** What an admin makes of one. @throws ChatError forbidden, message_not_found */
export async function judgeFlagged(
  ctx: ReviewContext,
  caller: Caller,
  { message_id, verdict, note }: JudgeReply & { message_id: string },
): Promise<FlaggedReply> {
  adminOnly(caller)
  const text = note === undefined ? null : wellFormed(note, '/note')
  const judged = await ctx.reviews.judge(message_id, { verdict, note: text, user_id: caller.user_id })
  if (!judged) throw new ChatError('message_not_found')
  return shown(ctx, caller, judged)
}

function shown(ctx: ReviewContext, { user_id }: Caller, item: Flagged): FlaggedReply {
  const isOthers = item.reply.visibility === 'private' && item.reply.user_id !== user_id
  return isOthers && !ctx.showPrivateText ? withoutText(item) : { ...item.reply, text: item.text }
}

/** What was hit, and none of the words. */
const withoutText = ({ reply }: Flagged): FlaggedReply => ({
  ...reply,
  text: null,
  hits: reply.hits.map((hit) => ({ ...hit, examples: [] })),
})
