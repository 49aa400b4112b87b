import type { ChatSession } from '@engineer-chat/protocol'
import { eventRights, notAgent, type Rights } from '../people/index.ts'
import type { MessageStore } from '../rooms/index.ts'
import { type Caller, ChatError, type RoomBus } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

/** Shows the caller's own session to the people in the room. @throws ChatError session_not_found, forbidden */
export async function shareSession(
  ctx: { rights: Rights; sessions: SessionStore; messages: MessageStore; bus: RoomBus },
  caller: Caller,
  { session_id }: { session_id: string },
): Promise<ChatSession> {
  notAgent(caller)
  const session = await ctx.sessions.get(caller.user_id, session_id)
  if (!session) throw new ChatError('session_not_found')
  const rights = eventRights(caller, await ctx.rights.membership(caller.user_id, session.event_id))
  if (!rights.enter) throw new ChatError('session_not_found')
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not share.')
  const { change } = await ctx.messages.share(caller.user_id, session_id)
  if (change) ctx.bus.publish(change)
  return (await ctx.sessions.get(caller.user_id, session_id)) ?? { ...session, visibility: 'room' }
}
