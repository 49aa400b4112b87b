import type { ChatSession, NewSession, Visibility } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import type { SourceStore } from '../prompting/index.ts'
import { ChatError, createSessionId, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { MAX_CARRIED_MESSAGES, summarizeHistory } from './carry-over-summary.ts'
import type { SessionStore } from './session-store.ts'

interface OpenSessionContext {
  rights: RightsLookup
  sessions: SessionStore
  sources: SourceStore
  maxRounds: number
  /** Counts a session that a new session replaced, with the number of questions in the replaced session. */
  countEndedSession?(questionCount: number): void
}

/**
 * Begins a session and makes it the active session with its visibility. The new session replaces the previous active
 * session with this visibility, if there is one. If `carry_over` is true, the prompts of the new session contain a
 * summary of the replaced session. If none is replaced, they contain a summary of the active session with the other
 * visibility. A session for the room gets no summary of a private session: the request is refused.
 * @throws ChatError event_not_found, forbidden, session_visibility_mismatch
 */
export async function openSession(
  ctx: OpenSessionContext,
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
    carried_over: carry_over ? await createCarryOver(ctx, caller, event_id, visibility, replaced) : null,
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

/** Summarizes the previous session. Returns null if there is no previous session, or nothing of it to carry over. */
async function createCarryOver(
  { sessions, sources }: OpenSessionContext,
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
  // Only the history of the previous session and its own carry-over are needed, so no sources are read.
  const previousContext = await sources.findContext(emptyQuestion, {
    historyLimit: MAX_CARRIED_MESSAGES,
    kinds: new Set(),
    roomTokens: 0,
  })
  return previousContext ? summarizeHistory(previousContext) : null
}
