import type { EventStore } from '../events/index.ts'
import { requireAdmin } from '../people/index.ts'
import { ChatError, describeAct, type Items, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { RetentionStore } from './retention-store.ts'

interface LegalHoldRef {
  event_id: string
}

/**
 * Lists the ids of the events under a legal hold. Retention removes nothing of these events.
 * @throws ChatError forbidden
 */
export async function listLegalHolds(ctx: { retention: RetentionStore }, caller: Principal): Promise<Items<string>> {
  requireAdmin(caller)
  return { items: await ctx.retention.listLegalHolds(), next_cursor: null }
}

listLegalHolds.report = {
  listShownEvents: ({ result: { items } }) => items,
} satisfies VerbReport<unknown, Items<string>>

/**
 * Places a legal hold. Retention removes nothing of the event until the hold is lifted. If the event is already under a
 * hold, that one stays, and only an audit entry is added.
 * @throws ChatError forbidden, event_not_found
 */
export async function placeLegalHold(
  ctx: { events: EventStore; retention: RetentionStore },
  caller: Principal,
  { event_id }: LegalHoldRef,
): Promise<void> {
  requireAdmin(caller)
  if (!(await ctx.events.find(event_id))) throw new ChatError('event_not_found')
  await ctx.retention.addLegalHold(event_id, caller.user_id)
}

placeLegalHold.report = {
  listShownEvents: listNoEvent,
  audit: ({ input: { event_id } }) => [describeAct('event_updated', { event_id, isUnderLegalHold: true })],
} satisfies VerbReport<LegalHoldRef, void>

/**
 * Lifts a legal hold. If the event is under no hold or does not exist, only an audit entry is added.
 * @throws ChatError forbidden
 */
export async function liftLegalHold(
  ctx: { retention: RetentionStore },
  caller: Principal,
  { event_id }: LegalHoldRef,
): Promise<void> {
  requireAdmin(caller)
  await ctx.retention.removeLegalHold(event_id)
}

liftLegalHold.report = {
  listShownEvents: listNoEvent,
  audit: ({ input: { event_id } }) => [describeAct('event_updated', { event_id, isUnderLegalHold: false })],
} satisfies VerbReport<LegalHoldRef, void>
