import type { ChatSession, NewSession, Visibility } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import type { SourceStore } from '../prompting/index.ts'
import { ChatError, createSessionId, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { MAX_CARRIED_MESSAGES, summarizeHistory } from './carry-over-summary.ts'
import type { SessionStore } from './session-store.ts'

interface NewSessionContext {
  rights: RightsLookup
  sessions: SessionStore
  sources: SourceStore
  maxRounds: number
  /** Receives the number of questions in the session that the new one replaces. */
  countEndedSession?(questions: number): void
}

/**
 * Starts a session and makes it the active session with its visibility. With `carry_over`, its prompts contain a
 * summary of the session that it replaces. If it replaces none, the active session that was used last is summarized.
 * @throws ChatError event_not_found, forbidden, session_visibility_mismatch
 */
export async function openSession(
  ctx: NewSessionContext,
  caller: Principal,
  { event_id, visibility = 'private', carry_over = false }: NewSession,
): Promise<ChatSession> {
  const rights = await requirePersonRights(ctx, caller, event_id)
  if (!rights.ask) throw new ChatError('forbidden', 'Observers may not ask.')
  const replaced = await ctx.sessions.findActive(caller.user_id, event_id, visibility)
  const session = await ctx.sessions.create({
    session_id: createSessionId(event_id, caller.user_id),
    event_id,
    user_id: caller.user_id,
    visibility,
    max_rounds: ctx.maxRounds,
    carried_over: carry_over ? await readCarryOver(ctx, caller, event_id, visibility, replaced) : null,
  })
  if (replaced) ctx.countEndedSession?.(replaced.rounds)
  return session
}

openSession.report = {
  listShownEvents: listInputEvent,
  log: ({ result: { session_id, event_id, user_id, visibility } }) => ({
    event: 'EngineerChat.session_created',
    fields: { user_id, event_id, session_id, visibility },
  }),
} satisfies VerbReport<NewSession, ChatSession>

async function readCarryOver(
  { sessions, sources }: NewSessionContext,
  { user_id }: Principal,
  event_id: string,
  visibility: Visibility,
  replaced: ChatSession | undefined,
): Promise<string | null> {
  const previous = replaced ?? (await sessions.findActive(user_id, event_id))
  if (!previous) return null
  if (previous.visibility === 'private' && visibility === 'room') {
    throw new ChatError('session_visibility_mismatch', 'A private session can’t be carried over into one for the room.')
  }
  const emptyQuestion = { event_id, user_id, session_id: previous.session_id, question: '' }
  // With no kinds of sources and no tokens for them, only the history of the session is read.
  const context = await sources.findContext(emptyQuestion, {
    historyLimit: MAX_CARRIED_MESSAGES,
    kinds: new Set(),
    roomTokens: 0,
  })
  return context ? summarizeHistory(context) : null
}
