import type { CursorQuery, EventMember } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonToReadNames, requireRights } from '../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/**
 * Lists the members of an event with their names. The caller must be a person, not an agent, who may enter the event.
 * @throws ChatError event_not_found, forbidden
 */
export async function listMembers(
  ctx: { rights: RightsLookup; events: EventStore },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<EventMember>> {
  requirePersonToReadNames(caller)
  await requireRights(ctx, caller, event_id)
  return ctx.events.listMembers(event_id, cursor === undefined ? { limit } : { cursor, limit })
}

listMembers.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  CursorQuery & { event_id: string },
  Items<EventMember>
>
