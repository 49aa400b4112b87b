import type { SetMuted } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../../people/index.ts'
import { listNoEvent, type Principal, type VerbReport } from '../../shared/index.ts'
import type { InboxStore } from './inbox-store.ts'

type Input = SetMuted & { event_id: string }

/**
 * Mutes an event for the caller, or unmutes it. The unread rows of a muted event are still counted.
 * @throws ChatError event_not_found, forbidden
 */
export async function setEventMuted(
  ctx: { rights: RightsLookup; inbox: Pick<InboxStore, 'putMuted'> },
  caller: Principal,
  { event_id, muted }: Input,
): Promise<void> {
  await requirePersonRights(ctx, caller, event_id)
  await ctx.inbox.putMuted(event_id, caller.user_id, muted)
}

setEventMuted.report = { listShownEvents: listNoEvent } satisfies VerbReport<Input, void>
