import type { ChatSession, CursorQuery } from '@engineer-chat/protocol'
import type { Caller } from '../model.ts'
import type { Items, Rights, SessionStore } from '../ports/index.ts'
import { personIn } from './rights-in.ts'

/** The caller's own sessions in an event, the newest first. @throws ChatError event_not_found, forbidden */
export async function listSessions(
  ctx: { rights: Rights; sessions: SessionStore },
  caller: Caller,
  { event_id, cursor, limit = 50 }: CursorQuery & { event_id: string },
): Promise<Items<ChatSession>> {
  await personIn(ctx, caller, event_id)
  return ctx.sessions.list(caller.user_id, event_id, cursor === undefined ? { limit } : { cursor, limit })
}
