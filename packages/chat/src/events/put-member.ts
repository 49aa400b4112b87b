import type { EventMember, MemberRole } from '@engineer-chat/protocol'
import { type Rights, requireRights } from '../people/index.ts'
import { ChatError, type Principal, type RoomBus } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** Lets a user enter, and says as what. @throws ChatError event_not_found, forbidden, user_not_found, last_commander */
export async function putMember(
  ctx: { rights: Rights; events: EventStore; bus: RoomBus },
  caller: Principal,
  { event_id, user_id, role }: { event_id: string; user_id: string; role: MemberRole },
): Promise<EventMember> {
  const rights = await requireRights(ctx, caller, event_id)
  if (!rights.manage) throw new ChatError('forbidden', 'Only commanders and admins change who may enter.')
  const member = await ctx.events.putMember(event_id, user_id, role, { keep_commander: caller.role !== 'admin' })
  ctx.bus.publishRightsChange()
  return member
}
