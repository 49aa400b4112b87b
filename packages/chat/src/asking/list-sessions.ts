import type { ChatSession, CursorQuery } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import { type Items, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

/** Lists the caller's own sessions in an event, the newest first. @throws ChatError event_not_found, forbidden */
export async function listSessions(
  ctx: { rights: RightsLookup; sessions: SessionStore; maxRounds: number },
  caller: Principal,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<ChatSession>> {
  await requirePersonRights(ctx, caller, event_id)
  const page = await ctx.sessions.list(caller.user_id, event_id, cursor === undefined ? { limit } : { cursor, limit })
  // `sendMessage` checks the limit of rounds that is configured now, not the one from when the session began.
  const max_rounds = ctx.maxRounds
  return { ...page, items: page.items.map((session) => ({ ...session, max_rounds })) }
}

listSessions.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  CursorQuery & { event_id: string },
  Items<ChatSession>
>
