import type { EventMember, MemberRole } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import {
  ChatError,
  describeAct,
  listInputEvent,
  type Principal,
  type RoomBus,
  type VerbReport,
} from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

interface PutMemberInput {
  event_id: string
  user_id: string
  role: MemberRole
}

/**
 * Makes a user a member of the event, or changes the role of a member. The caller must have the right to manage the
 * event. Only an admin may demote a commander if no other commander is active.
 * @throws ChatError event_not_found, forbidden, user_not_found, last_commander
 */
export async function putMember(
  ctx: { rights: RightsLookup; events: EventStore; bus: RoomBus },
  caller: Principal,
  { event_id, user_id, role }: PutMemberInput,
): Promise<EventMember> {
  const rights = await requireRights(ctx, caller, event_id)
  if (!rights.manage) throw new ChatError('forbidden', 'Only commanders and admins change who may enter.')
  const member = await ctx.events.putMember(event_id, user_id, role, { keepLastCommander: caller.role !== 'admin' })
  ctx.bus.publishRightsChange()
  return member
}

putMember.report = {
  listShownEvents: listInputEvent,
  audit: ({ input: { event_id, user_id }, result: { role } }) => [
    describeAct('member_put', { event_id, user_id, role }),
  ],
  log: ({ input: { event_id, user_id }, result: { role } }) => ({
    event: 'EngineerChat.member_put',
    fields: { event_id, user_id, role },
  }),
} satisfies VerbReport<PutMemberInput, EventMember>
