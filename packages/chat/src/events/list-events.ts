import type { ListEvents, ListedEvent } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'
import { addInboxCounts, type CountContext } from './inbox/index.ts'

/**
 * Lists the events that the caller may enter and that fit the filter, the newest first, each with its counts of unread
 * rows.
 */
export async function listEvents(
  ctx: { events: EventStore } & CountContext,
  caller: Principal,
  { limit = 50, ...query }: ListEvents,
): Promise<Items<ListedEvent>> {
  const { items, next_cursor } = await ctx.events.list(caller, { ...query, limit })
  return { items: await addInboxCounts(ctx, caller, items), next_cursor }
}

listEvents.report = {
  listShownEvents: ({ result: { items } }) => items.map(({ event_id }) => event_id),
} satisfies VerbReport<ListEvents, Items<ListedEvent>>
