import type { ChatSession, NewSession } from '@engineer-chat/protocol'
import { ChatError } from '../errors.ts'
import { newSessionId } from '../ids.ts'
import type { Caller } from '../model.ts'
import type { Rights, SessionStore } from '../ports/index.ts'
import { invalid } from '../text.ts'
import { personIn } from './rights-in.ts'

/** Starts a session, which becomes the active one. @throws ChatError event_not_found, forbidden, validation_failed */
export async function newSession(
  ctx: { rights: Rights; sessions: SessionStore; maxRounds: number },
  caller: Caller,
  { event_id, visibility = 'private', carry_over }: NewSession,
): Promise<ChatSession> {
  const rights = await personIn(ctx, caller, event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
  if (carry_over) invalid('/carry_over', 'is not available yet: the new session would start without the summary')
  return ctx.sessions.create({
    session_id: newSessionId(event_id, caller.user_id),
    event_id,
    user_id: caller.user_id,
    visibility,
    max_rounds: ctx.maxRounds,
  })
}
