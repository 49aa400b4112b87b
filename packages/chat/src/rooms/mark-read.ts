import type { MarkRead } from '@engineer-chat/protocol'
import { type Rights, rightsIn } from '../people/index.ts'
import type { Caller } from '../shared/index.ts'
import type { Timeline } from './timeline.ts'

/** How far the caller has read. @throws ChatError event_not_found */
export async function markRead(
  ctx: { rights: Rights; timeline: Timeline },
  caller: Caller,
  { event_id, position }: MarkRead & { event_id: string },
): Promise<void> {
  await rightsIn(ctx, caller, event_id)
  await ctx.timeline.markRead(event_id, caller.user_id, position)
}
