import { type RightsLookup, requireRights } from '../people/index.ts'
import { ChatError, describeAct, listNoEvent, type Principal, type RoomBus, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

interface MemberRef {
  event_id: string
  user_id: string
}

/**
 * Removes a member from the event. The caller must have the right to manage the event. Only an admin may remove a
 * commander if no other commander is active.
 * @throws ChatError event_not_found, forbidden, member_not_found, last_commander
 */
export async function removeMember(
  ctx: { rights: RightsLookup; events: EventStore; bus: RoomBus },
  caller: Principal,
  { event_id, user_id }: MemberRef,
): Promise<void> {
  const rights = await requireRights(ctx, caller, event_id)
  if (!rights.manage) throw new ChatError('forbidden', 'Only commanders and admins change who may enter.')
  await ctx.events.removeMember(event_id, user_id, { keepLastCommander: caller.role !== 'admin' })
  ctx.bus.publishRightsChange()
}

removeMember.report = {
  listShownEvents: listNoEvent,
  audit: ({ input }) => [describeAct('member_removed', input)],
  log: ({ input: { event_id, user_id } }) => ({
    event: 'EngineerChat.member_removed',
    fields: { event_id, user_id },
  }),
} satisfies VerbReport<MemberRef, void>
