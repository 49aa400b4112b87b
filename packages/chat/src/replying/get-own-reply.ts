import { type EventRights, eventRights, notAgent, type Rights } from '../people/index.ts'
import type { MessageStore } from '../rooms/index.ts'
import { type Caller, ChatError, type Row } from '../shared/index.ts'

/** The caller's own reply, in an event that they may still enter. Anything else looks like one that doesn't exist. */
export async function ownReplyIn(
  ctx: { rights: Rights; messages: MessageStore },
  caller: Caller,
  message_id: string,
): Promise<{ reply: Row; rights: EventRights }> {
  notAgent(caller)
  const reply = await ctx.messages.ownReply(caller.user_id, message_id)
  if (!reply) throw new ChatError('message_not_found')
  const rights = eventRights(caller, await ctx.rights.membership(caller.user_id, reply.message.event_id))
  if (!rights.enter) throw new ChatError('message_not_found')
  return { reply, rights }
}
