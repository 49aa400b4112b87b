import type { Event } from '@engineer-chat/protocol'
import { type Rights, rightsIn } from '../people/index.ts'
import { type Caller, ChatError } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'

/** @throws ChatError event_not_found */
export async function readEvent(
  ctx: { rights: Rights; events: EventStore },
  caller: Caller,
  { event_id }: { event_id: string },
): Promise<Event> {
  await rightsIn(ctx, caller, event_id)
  const event = await ctx.events.get(event_id)
  if (!event) throw new ChatError('event_not_found')
  return event
}
