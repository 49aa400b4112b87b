import type { Message } from '@engineer-chat/protocol'
import type { Caller } from '../model.ts'
import type { MessageStore, ReplyQueue, Rights, RoomBus } from '../ports/index.ts'
import { ownReplyIn } from './rights-in.ts'
import { tell } from './tell.ts'

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
