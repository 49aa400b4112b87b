import type { Message } from '@engineer-chat/protocol'
import { ChatError } from '../errors.ts'
import type { Caller } from '../model.ts'
import type { Catalogue } from '../models/index.ts'
import type { MessageStore, ReplyQueue, Rights, RoomBus } from '../ports/index.ts'
import { holdFor } from '../spend/index.ts'
import { ownReplyIn } from './rights-in.ts'
import { tell } from './tell.ts'

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
