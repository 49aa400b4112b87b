import type { Event, ListEvents } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** Lists the events that the caller may enter and that fit the filter, the newest first. */
export function listEvents(
  ctx: { events: EventStore },
  caller: Principal,
  { limit = 50, ...query }: ListEvents,
): Promise<Items<Event>> {
  return ctx.events.list(caller, { ...query, limit })
}

listEvents.report = {
  shownEvents: ({ result: { items } }) => items.map(({ event_id }) => event_id),
} satisfies VerbReport<ListEvents, Items<Event>>
