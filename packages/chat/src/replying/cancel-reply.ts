import type { Message } from '@engineer-chat/protocol'
import type { Rights } from '../people/index.ts'
import type { MessageStore } from '../rooms/index.ts'
import { type Caller, type ReplyQueue, type RoomBus, tell } from '../shared/index.ts'
import { ownReplyIn } from './get-own-reply.ts'

/** Ends the caller's own reply: here if no worker has it yet, else by its worker. @throws ChatError message_not_found */
export async function cancelReply(
  ctx: { rights: Rights; messages: MessageStore; bus: RoomBus; queue: ReplyQueue },
  caller: Caller,
  { message_id }: { message_id: string },
): Promise<Message> {
  await ownReplyIn(ctx, caller, message_id)
  const cancelled = await ctx.messages.cancel(caller.user_id, message_id)
  tell(ctx, cancelled)
  if (cancelled.claimed) ctx.bus.cancel(message_id)
  return cancelled.row.message
}
