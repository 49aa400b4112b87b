import type { CursorQuery, FlaggedFilter, FlaggedReply, JudgeReply } from '@engineer-chat/protocol'
import { requireAdmin } from '../people/index.ts'
import { ChatError, checkWellFormed, type Items, type Principal } from '../shared/index.ts'
import type { ReviewStore, StoredFlaggedReply } from './review-store.ts'

interface ReviewContext {
  reviews: ReviewStore
  /** Whether admins see the text of private sessions, too. Whoever shows it puts each look on record first. */
  showPrivateText: boolean
}

/** Answers in which the output filter found something, for admins. @throws ChatError forbidden */
export async function listFlagged(
  ctx: ReviewContext,
  caller: Principal,
  { limit = 50, ...query }: CursorQuery & FlaggedFilter,
): Promise<Items<FlaggedReply>> {
  requireAdmin(caller)
  const { items, next_cursor } = await ctx.reviews.list({ ...query, limit })
  return { items: items.map((item) => toFlaggedReply(ctx, caller, item)), next_cursor }
}

/** Stores an admin's verdict on a flagged reply. @throws ChatError forbidden, message_not_found */
export async function judgeFlagged(
  ctx: ReviewContext,
  caller: Principal,
  { message_id, verdict, note }: JudgeReply & { message_id: string },
): Promise<FlaggedReply> {
  requireAdmin(caller)
  const text = note === undefined ? null : checkWellFormed(note, '/note')
  const judged = await ctx.reviews.judge(message_id, { verdict, note: text, user_id: caller.user_id })
  if (!judged) throw new ChatError('message_not_found')
  return toFlaggedReply(ctx, caller, judged)
}

function toFlaggedReply(ctx: ReviewContext, { user_id }: Principal, item: StoredFlaggedReply): FlaggedReply {
  const isOthers = item.reply.visibility === 'private' && item.reply.user_id !== user_id
  return isOthers && !ctx.showPrivateText ? removeText(item) : { ...item.reply, text: item.text }
}

/** What was hit, and none of the words. */
const removeText = ({ reply }: StoredFlaggedReply): FlaggedReply => ({
  ...reply,
  text: null,
  hits: reply.hits.map((hit) => ({ ...hit, examples: [] })),
})
