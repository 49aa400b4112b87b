import type { Message } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requirePersonRights } from '../people/index.ts'
import {
  ChatError,
  describeAct,
  listInputEvent,
  type Principal,
  type RoomBus,
  type VerbCall,
  type VerbReport,
} from '../shared/index.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import type { PinStore } from './pin-store.ts'

interface PinContext {
  rights: RightsLookup
  pins: PinStore
  bus: RoomBus
}

interface PinTarget {
  event_id: string
  message_id: string
}

/**
 * Pins a message. A message that is pinned already stays as it is. A private message must be shared first, because all
 * people of the room see the same pins.
 * @throws ChatError event_not_found, message_not_found, message_private, forbidden
 */
export async function pinMessage(
  ctx: PinContext,
  caller: Principal,
  { event_id, message_id }: PinTarget,
): Promise<Message> {
  await requirePinRights(ctx, caller, event_id)
  const pinner = { user_id: caller.user_id, audiences: listAudiences(caller) }
  const { row, change } = await ctx.pins.pin(event_id, message_id, pinner)
  if (change) ctx.bus.publish(change)
  return addIndicators(row.message)
}

pinMessage.report = {
  listShownEvents: listInputEvent,
  audit: ({ result }) => [describeAct('pin', result)],
  log: (call) => ({ event: 'EngineerChat.message_pinned', fields: toPinFields(call) }),
} satisfies VerbReport<PinTarget, Message>

/**
 * Removes the pin of a message. The caller needs the right to ask, and may also remove what another user pinned.
 * @throws ChatError event_not_found, message_not_found, forbidden
 */
export async function unpinMessage(
  ctx: PinContext,
  caller: Principal,
  { event_id, message_id }: PinTarget,
): Promise<Message> {
  await requirePinRights(ctx, caller, event_id)
  const { row, change } = await ctx.pins.unpin(event_id, message_id, { audiences: listAudiences(caller) })
  if (change) ctx.bus.publish(change)
  return addIndicators(row.message)
}

unpinMessage.report = {
  listShownEvents: listInputEvent,
  audit: ({ result }) => [describeAct('unpin', result)],
  log: (call) => ({ event: 'EngineerChat.message_unpinned', fields: toPinFields(call) }),
} satisfies VerbReport<PinTarget, Message>

const toPinFields = ({ caller: { user_id }, result: { event_id, message_id, seq } }: VerbCall<PinTarget, Message>) => ({
  user_id,
  event_id,
  message_id,
  seq,
})

/** Pinning needs no right of its own: a person who may ask may also pin. */
async function requirePinRights(ctx: PinContext, caller: Principal, event_id: string): Promise<void> {
  const rights = await requirePersonRights(ctx, caller, event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers read only.')
}
