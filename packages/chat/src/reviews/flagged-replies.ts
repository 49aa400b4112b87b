import type { CursorQuery, FlaggedReply, FlaggedReplyFilter, JudgeReply } from '@engineer-chat/protocol'
import { requireAdmin } from '../people/index.ts'
import {
  type AuditedAct,
  ChatError,
  describeAct,
  type Items,
  listResultEvent,
  type Principal,
  requireWellFormed,
  type VerbReport,
} from '../shared/index.ts'
import type { ReviewStore, StoredFlaggedReply } from './review-store.ts'

interface ReviewContext {
  reviews: ReviewStore
  /** If true, admins also see the texts of private sessions. Each view of such a text is audited before it is shown. */
  isPrivateTextShown: boolean
}

type ListInput = CursorQuery & FlaggedReplyFilter
type JudgeInput = JudgeReply & { message_id: string }

/**
 * Lists answers in which the output filter found something. Only admins may read them.
 * @throws ChatError forbidden
 */
export async function listFlaggedReplies(
  ctx: ReviewContext,
  caller: Principal,
  { limit = 50, ...query }: ListInput,
): Promise<Items<FlaggedReply>> {
  requireAdmin(caller)
  const { items, next_cursor } = await ctx.reviews.list({ ...query, limit })
  return { items: items.map((stored) => toFlaggedReply(ctx, caller, stored)), next_cursor }
}

listFlaggedReplies.report = {
  listShownEvents: ({ result: { items } }) => items.map(({ event_id }) => event_id),
  audit: ({ caller, result }) => describeTextViews(caller, result.items),
} satisfies VerbReport<ListInput, Items<FlaggedReply>>

/** Stores an admin's verdict on a flagged reply. @throws ChatError forbidden, message_not_found, validation_failed */
export async function judgeFlaggedReply(
  ctx: ReviewContext,
  caller: Principal,
  { message_id, verdict, note }: JudgeInput,
): Promise<FlaggedReply> {
  requireAdmin(caller)
  const checkedNote = note === undefined ? null : requireWellFormed(note, '/note')
  const judged = await ctx.reviews.judge(message_id, { verdict, note: checkedNote, user_id: caller.user_id })
  if (!judged) throw new ChatError('message_not_found')
  return toFlaggedReply(ctx, caller, judged)
}

judgeFlaggedReply.report = {
  listShownEvents: listResultEvent,
  audit({ caller, result }) {
    const { message_id, event_id, verdict } = result
    return [describeAct('reply_judged', { message_id, event_id, verdict }), ...describeTextViews(caller, [result])]
  },
} satisfies VerbReport<JudgeInput, FlaggedReply>

/** Describes an `admin_view` for each private text of another user that the result shows. */
const describeTextViews = (caller: Principal, replies: FlaggedReply[]): AuditedAct[] =>
  replies
    .filter(({ visibility, text, user_id }) => visibility === 'private' && text !== null && user_id !== caller.user_id)
    .map(({ message_id, event_id }) =>
      describeAct('admin_view', { object_type: 'message', message_id, event_id, detail: 'private_text' }),
    )

function toFlaggedReply(ctx: ReviewContext, { user_id }: Principal, stored: StoredFlaggedReply): FlaggedReply {
  const isPrivateOfOther = stored.reply.visibility === 'private' && stored.reply.user_id !== user_id
  return isPrivateOfOther && !ctx.isPrivateTextShown ? removeText(stored) : { ...stored.reply, text: stored.text }
}

/** Removes the text and the examples, and keeps the kinds and counts of the findings. */
const removeText = ({ reply }: StoredFlaggedReply): FlaggedReply => ({
  ...reply,
  text: null,
  hits: reply.hits.map((finding) => ({ ...finding, examples: [] })),
})
