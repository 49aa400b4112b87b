import type { CursorQuery, Event } from '@engineer-chat/protocol'
import type { Items, Principal } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** The events that the caller may enter, the newest first. */
export function listEvents(
  ctx: { events: EventStore },
  caller: Principal,
  { cursor, limit = 50 }: CursorQuery,
): Promise<Items<Event>> {
  return ctx.events.list(caller, cursor === undefined ? { limit } : { cursor, limit })
}
