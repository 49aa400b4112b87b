import type { Message, PostAgentMessage, PostMessage, PostPlainMessage, QuoteRequest } from '@engineer-chat/protocol'
import {
  type EventRights,
  type RightsLookup,
  requireRights,
  type UncachedRights,
  type UserStore,
} from '../people/index.ts'
import {
  ChatError,
  createId,
  listInputEvent,
  notifyRoomAndQueue,
  type Principal,
  type ReplyQueue,
  type RoomBus,
  type StoredMessage,
  sha256,
  trimAndCheckText,
  type VerbReport,
} from '../shared/index.ts'
import { toAgentContent } from './agent-content.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import { findMentionedUserIds } from './mentions/find-mentions.ts'
import type { NewPost, PostKey, PostStore } from './message-store.ts'
import { type FoundQuote, findPostAudience, findQuote, listHashedParts } from './quotes/find-quote.ts'
import type { Timeline } from './timeline.ts'

interface PostContext {
  rights: RightsLookup
  uncachedRights: UncachedRights
  users: UserStore
  messages: PostStore
  timeline: Pick<Timeline, 'findMessage'>
  bus: RoomBus
  /** `notifyRoomAndQueue` requires a queue. A post has no job, so nothing is queued. */
  queue: ReplyQueue
}

/**
 * Stores a person's plain message or an agent's message. Agents and admins may post agents' messages.
 * @throws ChatError event_not_found, forbidden, validation_failed, message_not_found, quote_mismatch, quote_private
 */
export async function postMessage(
  ctx: PostContext,
  caller: Principal,
  { event_id, ...input }: PostMessage & { event_id: string },
): Promise<Message> {
  const rights = await requireRights(ctx, caller, event_id)
  const isAgentPost = 'message_from' in input && input.message_from !== undefined
  if (isAgentPost && caller.role === 'engineer') throw new ChatError('forbidden', 'Only agents post as agents.')
  if (!isAgentPost && caller.role === 'agent') throw new ChatError('forbidden', 'Agents post as agents.')

  const post = isAgentPost ? toAgentPost(input) : toPersonPost(caller, event_id, input)
  const { quote, earlierPost } = isAgentPost
    ? {}
    : await checkOrFindEarlierPost(ctx, caller, rights, { event_id, quote: input.quote, key: post.key })
  if (earlierPost) return addIndicators(earlierPost.message)
  const mentions = isAgentPost ? [] : await findMentionedUserIds(ctx, caller, event_id, post.content.content)
  const posted = await ctx.messages.post({
    ...post,
    content: { ...post.content, ...(quote && { quote: quote.content }) },
    message_id: createId(),
    event_id,
    user_id: caller.user_id,
    audience: findPostAudience(quote),
    mentions,
  })
  notifyRoomAndQueue(ctx, posted)
  return addIndicators(posted.row.message)
}

postMessage.report = {
  listShownEvents: listInputEvent,
  log: ({ caller: { user_id }, result: { event_id, message_id, message_category: category } }) => ({
    event: 'EngineerChat.message_posted',
    fields: { user_id, event_id, message_id, category },
  }),
} satisfies VerbReport<PostMessage & { event_id: string }, Message>

/**
 * Checks a person's post, and finds its quote, if the post has one. The post may be refused now although an earlier
 * request stored it, for example because its author has become an observer or the quoted message has changed. In this
 * case the function returns the earlier post. The key is looked up only then, because in all other cases
 * `PostStore.post` recognizes a repeated post.
 */
async function checkOrFindEarlierPost(
  ctx: PostContext,
  caller: Principal,
  rights: EventRights,
  { event_id, quote: request, key }: { event_id: string; quote: QuoteRequest | undefined; key: PostKey | undefined },
): Promise<{ quote?: FoundQuote; earlierPost?: StoredMessage }> {
  try {
    if (!rights.ask) throw new ChatError('forbidden', 'Observers may not post.')
    if (!request) return {}
    const quote = await findQuote(ctx, caller, event_id, request)
    // This call only throws for a private quote, so that the `catch` below looks for an earlier post.
    findPostAudience(quote)
    return { quote }
  } catch (error) {
    const earlierPost = key && (await ctx.messages.findPost(caller.user_id, key))
    if (!earlierPost) throw error
    return { earlierPost }
  }
}

type PostFields = Pick<NewPost, 'category' | 'message_from' | 'message_type' | 'content' | 'round_id' | 'key'>

function toPersonPost(
  caller: Principal,
  event_id: string,
  { message, client_message_id, quote }: PostPlainMessage,
): PostFields {
  const content = trimAndCheckText(message)
  const request_hash = sha256(JSON.stringify([event_id, content, ...listHashedParts(quote)]))
  return {
    category: 'room',
    message_from: caller.user_id,
    message_type: 'chat',
    content: { content },
    round_id: null,
    ...(client_message_id !== undefined && { key: { client_message_id, request_hash } }),
  }
}

const toAgentPost = ({ message_from, message_type, message_content, round_id }: PostAgentMessage): PostFields => ({
  category: 'agent',
  message_from,
  message_type,
  content: toAgentContent(message_content),
  round_id: round_id ?? null,
})
