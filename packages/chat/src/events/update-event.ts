import { type Event, TLP_LABELS, type UpdateEvent } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import {
  ChatError,
  describeAct,
  listResultEvent,
  type Principal,
  type RoomBus,
  type VerbReport,
} from '../shared/index.ts'
import { pickChangeableFields } from './event-fields.ts'
import type { EventStore, TlpGuard } from './event-store.ts'
import { createTextCheck } from './event-text.ts'
import { readEvent } from './read-event.ts'

interface UpdateContext {
  rights: RightsLookup
  events: EventStore
  bus: RoomBus
}

interface UpdateInput {
  event_id: string
  changes: UpdateEvent
}

/**
 * Changes an event. Agents, admins, and people who may ask in the event may change most fields. Only those who manage
 * the event may change its access or lower its TLP label. The timeline says who changed what. It does not show an
 * agent's change of the status if this change neither ends nor reopens the incident.
 * @throws ChatError event_not_found, forbidden, validation_failed
 */
export async function updateEvent(
  ctx: UpdateContext,
  caller: Principal,
  { event_id, changes: requested }: UpdateInput,
): Promise<Event> {
  const rights = await requireRights(ctx, caller, event_id)
  const checked = pickChangeableFields(createTextCheck(caller), requested)
  // Agents, and admins who are observers, have no right to ask, but may change the event.
  if (caller.role === 'engineer' && !rights.ask) throw new ChatError('forbidden', 'Observers read only.')
  if (checked.access !== undefined && !rights.manage) throw new ChatError('forbidden')
  if (Object.keys(checked).length === 0) return readEvent(ctx, caller, { event_id })

  const guard = rights.manage ? undefined : createTlpGuard(checked)
  const { event, change: roomChange } = await ctx.events.update(event_id, checked, caller, guard)
  if (roomChange) ctx.bus.publish(roomChange)
  if (roomChange && checked.access !== undefined) ctx.bus.publishRightsChange()
  return event
}

/**
 * Creates the guard for a caller who may raise the event's label, but not lower it. Returns undefined if the request
 * does not set the label. `TLP_LABELS` begins with the lowest label.
 */
const createTlpGuard = ({ tlp }: UpdateEvent): TlpGuard | undefined =>
  tlp && { allowedOldLabels: TLP_LABELS.slice(0, TLP_LABELS.indexOf(tlp) + 1) }

updateEvent.report = {
  listShownEvents: listResultEvent,
  audit: ({ input: { changes }, result: { event_id } }) => [describeAct('event_updated', { event_id, changes })],
  log: ({ caller: { user_id }, result: { event_id, seq } }) => ({
    event: 'EngineerChat.event_updated',
    fields: { user_id, event_id, seq },
  }),
} satisfies VerbReport<UpdateInput, Event>
