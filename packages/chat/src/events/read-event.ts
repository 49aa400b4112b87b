import type { Event } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import { ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** @throws ChatError event_not_found */
export async function readEvent(
  ctx: { rights: RightsLookup; events: EventStore },
  caller: Principal,
  { event_id }: { event_id: string },
): Promise<Event> {
  await requireRights(ctx, caller, event_id)
  const event = await ctx.events.find(event_id)
  if (!event) throw new ChatError('event_not_found')
  return event
}

readEvent.report = { listShownEvents: listInputEvent } satisfies VerbReport<{ event_id: string }, Event>
