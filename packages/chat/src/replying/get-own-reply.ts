import { deriveEventRights, type EventRights, type RightsLookup, requirePerson } from '../people/index.ts'
import type { OwnReplyStore } from '../rooms/index.ts'
import { ChatError, type Principal, type StoredMessage } from '../shared/index.ts'

/**
 * Returns the caller's own reply in an event that they may still read. Any other reply seems not to exist.
 * @throws ChatError message_not_found, forbidden if the caller is an agent
 */
export async function getOwnReply(
  ctx: { rights: RightsLookup; messages: OwnReplyStore },
  caller: Principal,
  message_id: string,
): Promise<{ reply: StoredMessage; rights: EventRights }> {
  requirePerson(caller)
  const reply = await ctx.messages.findOwnReply(caller.user_id, message_id)
  if (!reply) throw new ChatError('message_not_found')
  const rights = deriveEventRights(caller, await ctx.rights.findAccessAndRole(caller.user_id, reply.message.event_id))
  if (!rights.read) throw new ChatError('message_not_found')
  return { reply, rights }
}
