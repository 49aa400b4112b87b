import type { ChatSession, NewSession, Visibility } from '@engineer-chat/protocol'
import { personIn, type Rights } from '../people/index.ts'
import type { Materials } from '../prompting/index.ts'
import { type Caller, ChatError, newSessionId } from '../shared/index.ts'
import { CARRIED_MESSAGES, digestOf } from './carry-over-summary.ts'
import type { SessionStore } from './session-store.ts'

interface NewSessionContext {
  rights: Rights
  sessions: SessionStore
  materials: Materials
  maxRounds: number
}

/**
 * Starts a session, which becomes the active one; with `carry_over` its prompts know what the last one was about.
 * @throws ChatError event_not_found, forbidden, session_visibility_mismatch
 */
export async function newSession(
  ctx: NewSessionContext,
  caller: Caller,
  { event_id, visibility = 'private', carry_over = false }: NewSession,
): Promise<ChatSession> {
  const rights = await personIn(ctx, caller, event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
  return ctx.sessions.create({
    session_id: newSessionId(event_id, caller.user_id),
    event_id,
    user_id: caller.user_id,
    visibility,
    max_rounds: ctx.maxRounds,
    carried_over: carry_over ? await carriedOver(ctx, caller, event_id, visibility) : null,
  })
}

async function carriedOver(
  { sessions, materials }: NewSessionContext,
  { user_id }: Caller,
  event_id: string,
  visibility: Visibility,
): Promise<string | null> {
  const last = await sessions.active(user_id, event_id)
  if (!last) return null
  if (last.visibility === 'private' && visibility === 'room') {
    throw new ChatError('session_visibility_mismatch', 'A private session can’t be carried over into one for the room.')
  }
  const context = await materials.contextOf({ event_id, session_id: last.session_id, question: '' }, CARRIED_MESSAGES)
  return context ? digestOf(context) : null
}
