import type { CursorQuery, EventMember } from '@engineer-chat/protocol'
import { type Rights, requireRights } from '../people/index.ts'
import type { Items, Principal } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** Lists the members of an event for a caller who may enter it. @throws ChatError event_not_found */
export async function listMembers(
  ctx: { rights: Rights; events: EventStore },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<EventMember>> {
  await requireRights(ctx, caller, event_id)
  return ctx.events.listMembers(event_id, cursor === undefined ? { limit } : { cursor, limit })
}
