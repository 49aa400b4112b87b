import type { Message } from '@engineer-chat/protocol'
import { holdFor } from '../budgets/index.ts'
import type { Catalogue } from '../models/index.ts'
import type { Rights } from '../people/index.ts'
import type { MessageStore } from '../rooms/index.ts'
import { type Caller, ChatError, type ReplyQueue, type RoomBus, tell } from '../shared/index.ts'
import { ownReplyIn } from './get-own-reply.ts'

/** Asks again for the caller's own finished reply. @throws ChatError message_not_found, message_pinned, forbidden, budget_exceeded */
export async function retryReply(
  ctx: { rights: Rights; messages: MessageStore; bus: RoomBus; queue: ReplyQueue; models: Catalogue },
  caller: Caller,
  { message_id }: { message_id: string },
): Promise<Message> {
  const { rights } = await ownReplyIn(ctx, caller, message_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
  const retried = await ctx.messages.retry(caller.user_id, message_id, (asked) => holdFor(ctx.models, asked))
  tell(ctx, retried)
  return retried.row.message
}
