import type { Event } from '@engineer-chat/protocol'
import { ChatError } from '../errors.ts'
import type { Caller } from '../model.ts'
import type { EventStore, Rights } from '../ports/index.ts'
import { rightsIn } from './rights-in.ts'

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
