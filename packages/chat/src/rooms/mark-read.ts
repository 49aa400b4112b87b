import type { MarkRead } from '@engineer-chat/protocol'
import { type RightsLookup, requireRights } from '../people/index.ts'
import { listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { Timeline } from './timeline.ts'

/** Stores how far the caller has read. @throws ChatError event_not_found */
export async function markRead(
  ctx: { rights: RightsLookup; timeline: Timeline },
  caller: Principal,
  { event_id, position }: MarkRead & { event_id: string },
): Promise<void> {
  await requireRights(ctx, caller, event_id)
  await ctx.timeline.markRead(event_id, caller.user_id, position)
}

markRead.report = { listShownEvents: listNoEvent } satisfies VerbReport<MarkRead & { event_id: string }, void>
