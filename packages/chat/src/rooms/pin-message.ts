import type { Message } from '@engineer-chat/protocol'
import { audiencesOf, personIn, type Rights } from '../people/index.ts'
import { type Caller, ChatError, type RoomBus } from '../shared/index.ts'
import type { PinStore } from './pin-store.ts'

interface PinContext {
  rights: Rights
  pins: PinStore
  bus: RoomBus
}

interface Which {
  event_id: string
  message_id: string
}

/**
 * Puts a message on the event's timeline of evidence, at its own time. A private one has to be shared first: evidence is
 * the same for all people of the room. @throws ChatError event_not_found, message_not_found, message_private, forbidden
 */
export async function pinMessage(ctx: PinContext, caller: Caller, { event_id, message_id }: Which): Promise<Message> {
  await mayPin(ctx, caller, event_id)
  const by = { user_id: caller.user_id, audiences: audiencesOf(caller) }
  return told(ctx, await ctx.pins.pin(event_id, message_id, by))
}

/** Whoever may pin may take off, also what others pinned. @throws ChatError event_not_found, message_not_found, forbidden */
export async function unpinMessage(ctx: PinContext, caller: Caller, { event_id, message_id }: Which): Promise<Message> {
  await mayPin(ctx, caller, event_id)
  return told(ctx, await ctx.pins.unpin(event_id, message_id, { audiences: audiencesOf(caller) }))
}

async function mayPin(ctx: PinContext, caller: Caller, event_id: string): Promise<void> {
  const rights = await personIn(ctx, caller, event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers read only.')
}

function told(ctx: PinContext, { row, change }: Awaited<ReturnType<PinStore['pin']>>): Message {
  if (change) ctx.bus.publish(change)
  return row.message
}
