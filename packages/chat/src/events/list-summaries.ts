import type { CursorQuery, EventSummary } from '@engineer-chat/protocol'
import { type Rights, rightsIn } from '../people/index.ts'
import type { Caller, Items } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** @throws ChatError event_not_found */
export async function listSummaries(
  ctx: { rights: Rights; events: EventStore },
  caller: Caller,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<EventSummary>> {
  await rightsIn(ctx, caller, event_id)
  return ctx.events.summaries(event_id, cursor === undefined ? { limit } : { cursor, limit })
}
