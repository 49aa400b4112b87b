import type { MessagePage, PageQuery } from '@engineer-chat/protocol'
import { audiencesOf } from '../access.ts'
import type { Caller } from '../model.ts'
import type { Rights, Timeline } from '../ports/index.ts'
import { rightsIn } from './rights-in.ts'

/** A page of the room, as this caller sees it. @throws ChatError event_not_found */
export async function readTimeline(
  ctx: { rights: Rights; timeline: Timeline },
  caller: Caller,
  { event_id, before, limit = 50 }: PageQuery & { event_id: string },
): Promise<MessagePage> {
  await rightsIn(ctx, caller, event_id)
  const query = before === undefined ? { limit } : { before, limit }
  const page = await ctx.timeline.page(event_id, audiencesOf(caller), query)
  return { messages: page.rows.map((row) => row.message), seq: page.seq, has_more: page.has_more }
}
