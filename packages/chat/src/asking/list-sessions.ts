import type { ChatSession, CursorQuery } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Lists one page of the caller's own sessions in an event, the newest first. `cursor` is the id of the last session on
 * the previous page.
 * @throws ChatError event_not_found, forbidden
 */
export async function listSessions(
  ctx: { rights: RightsLookup; sessions: SessionStore; maxRounds: number },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<ChatSession>> {
  await requirePersonRights(ctx, caller, event_id)
  const page = await ctx.sessions.list(caller.user_id, event_id, cursor === undefined ? { limit } : { cursor, limit })
  // A stored session holds the limit of rounds from when it began. `sendMessage` checks the limit configured now.
  const max_rounds = ctx.maxRounds
  return { ...page, items: page.items.map((session) => ({ ...session, max_rounds })) }
}

listSessions.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  CursorQuery & { event_id: string },
  Items<ChatSession>
>
