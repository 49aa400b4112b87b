import type { CreateSummary, EventSummary } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import { ChatError, listInputEvent, type Principal, type RoomBus, type VerbReport } from '../shared/index.ts'
import type { EventStore } from './event-store.ts'
import { createTextCheck } from './event-text.ts'

/**
 * Stores a summary that an agent or an admin wrote. The new summary becomes the event's current one. Prompts contain
 * the current summary.
 * @throws ChatError event_not_found, forbidden, validation_failed
 */
export async function addSummary(
  ctx: { rights: RightsLookup; events: EventStore; bus: RoomBus },
  caller: Principal,
  { event_id, round_id, event_summary, event_suggestion = '' }: CreateSummary & { event_id: string },
): Promise<EventSummary> {
  await requireRights(ctx, caller, event_id)
  if (caller.role === 'engineer') throw new ChatError('forbidden', 'Summaries are written by agents.')
  const checkText = createTextCheck(caller)
  const { summary, change } = await ctx.events.addSummary(event_id, {
    round_id,
    event_summary: checkText(event_summary, '/event_summary'),
    event_suggestion: checkText(event_suggestion, '/event_suggestion'),
  })
  ctx.bus.publish(change)
  return summary
}

addSummary.report = {
  listShownEvents: listInputEvent,
  log: ({ input: { event_id }, result: { version } }) => ({
    event: 'EngineerChat.summary_added',
    fields: { event_id, version },
  }),
} satisfies VerbReport<CreateSummary & { event_id: string }, EventSummary>
