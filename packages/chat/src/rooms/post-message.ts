import type { Message, PostAgentMessage, PostMessage, PostPlainMessage } from '@engineer-chat/protocol'
import { type Rights, type RightsReader, requireRights, type UserStore } from '../people/index.ts'
import {
  ChatError,
  checkPersonText,
  createId,
  type Principal,
  publishChange,
  type ReplyQueue,
  type RoomBus,
  sha256,
  showInputEvent,
  type VerbReport,
} from '../shared/index.ts'
import { toAgentContent } from './agent-content.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import { findMentions } from './mentions/find-mentions.ts'
import type { PostCommand, PostStore } from './message-store.ts'

/**
 * Stores a person's plain message or an agent's message.
 * @throws ChatError event_not_found, forbidden, validation_failed
 */
export async function postMessage(
  ctx: {
    rights: Rights
    rightsReader: RightsReader
    users: UserStore
    messages: PostStore
    bus: RoomBus
    queue: ReplyQueue
  },
  caller: Principal,
  { event_id, ...input }: PostMessage & { event_id: string },
): Promise<Message> {
  const rights = await requireRights(ctx, caller, event_id)
  const isAgentPost = 'message_from' in input && input.message_from !== undefined
  if (isAgentPost && caller.role === 'engineer') throw new ChatError('forbidden', 'Only agents post as agents.')
  if (!isAgentPost && !rights.ask) throw new ChatError('forbidden', 'Observers read, and agents post as agents.')

  const written = isAgentPost ? toAgentPost(input) : toPersonPost(caller, event_id, input)
  const mentions = isAgentPost ? [] : await findMentions(ctx, caller, event_id, written.content.content)
  const posted = await ctx.messages.post({
    ...written,
    message_id: createId(),
    event_id,
    user_id: caller.user_id,
    audience: 'all',
    mentions,
  })
  publishChange(ctx, posted)
  return addIndicators(posted.row.message)
}

postMessage.report = {
  shownEvents: showInputEvent,
  log: ({ caller: { user_id }, result: { event_id, message_id, message_category: category } }) => ({
    event: 'EngineerChat.message_posted',
    fields: { user_id, event_id, message_id, category },
  }),
} satisfies VerbReport<PostMessage & { event_id: string }, Message>

type PostContent = Pick<PostCommand, 'category' | 'message_from' | 'message_type' | 'content' | 'round_id' | 'key'>

function toPersonPost(
  caller: Principal,
  event_id: string,
  { message, client_message_id }: PostPlainMessage,
): PostContent {
  const content = checkPersonText(message)
  const request_hash = sha256(JSON.stringify([event_id, content]))
  return {
    category: 'room',
    message_from: caller.user_id,
    message_type: 'chat',
    content: { content },
    round_id: null,
    ...(client_message_id !== undefined && { key: { client_message_id, request_hash } }),
  }
}

const toAgentPost = ({ message_from, message_type, message_content, round_id }: PostAgentMessage): PostContent => ({
  category: 'agent',
  message_from,
  message_type,
  content: toAgentContent(message_content),
  round_id: round_id ?? null,
})
