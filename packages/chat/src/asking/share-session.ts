import type { ChatSession } from '@engineer-chat/protocol'
import { deriveEventRights, type RightsLookup, requirePerson } from '../people/index.ts'
import type { ShareStore } from '../rooms/index.ts'
import {
  ChatError,
  describeAct,
  listResultEvent,
  type Principal,
  type RoomBus,
  type VerbReport,
} from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

/** Makes a session of the caller visible to the people in the room. @throws ChatError session_not_found, forbidden */
export async function shareSession(
  ctx: { rights: RightsLookup; sessions: SessionStore; messages: ShareStore; bus: RoomBus },
  caller: Principal,
  { session_id }: { session_id: string },
): Promise<ChatSession> {
  requirePerson(caller)
  const session = await ctx.sessions.find(caller.user_id, session_id)
  if (!session) throw new ChatError('session_not_found')
  const rights = deriveEventRights(caller, await ctx.rights.findAccessAndRole(caller.user_id, session.event_id))
  if (!rights.read) throw new ChatError('session_not_found')
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not share.')
  const { change } = await ctx.messages.share(caller.user_id, session_id)
  if (change) ctx.bus.publish(change)
  // Maintenance may have removed the session after the call to `share`.
  return (await ctx.sessions.find(caller.user_id, session_id)) ?? { ...session, visibility: 'room' }
}

shareSession.report = {
  listShownEvents: listResultEvent,
  audit: ({ result }) => [describeAct('share', result)],
  log: ({ result: { user_id, event_id, session_id } }) => ({
    event: 'EngineerChat.session_shared',
    fields: { user_id, event_id, session_id },
  }),
} satisfies VerbReport<{ session_id: string }, ChatSession>
