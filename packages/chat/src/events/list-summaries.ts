import type { CursorQuery, EventSummary } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** Lists the summaries of an event, the newest first. @throws ChatError event_not_found */
export async function listSummaries(
  ctx: { rights: RightsLookup; events: EventStore },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<EventSummary>> {
  await requireRights(ctx, caller, event_id)
  return ctx.events.listSummaries(event_id, cursor === undefined ? { limit } : { cursor, limit })
}

listSummaries.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  CursorQuery & { event_id: string },
  Items<EventSummary>
>
