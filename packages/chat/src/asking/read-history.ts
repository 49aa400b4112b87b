import type { ChatHistory, ChatHistoryQuery, ChatSession } from '@engineer-chat/protocol'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import { addIndicators, type Timeline } from '../rooms/index.ts'
import { ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

interface HistoryContext {
  rights: RightsLookup
  sessions: SessionStore
  timeline: Timeline
  /** Is the limit that is configured now, which `sendMessage` checks. A session stores the limit from when it began. */
  maxRounds: number
}

/**
 * Returns one page of messages of one of the caller's sessions: the newest messages, or the newest before the position
 * `before`. A query without a session id reads the active session that was used last. If the caller has no active
 * session in the event, the page is empty and its session id is null.
 * @throws ChatError session_not_found, event_not_found, forbidden
 */
export async function readHistory(
  ctx: HistoryContext,
  caller: Principal,
  query: ChatHistoryQuery,
): Promise<ChatHistory> {
  await requirePersonRights(ctx, caller, query.event_id)
  const session = await findSession(ctx, caller, query)
  if (!session) {
    const seq = (await ctx.timeline.readSeqs([query.event_id])).get(query.event_id) ?? 0
    return { session_id: null, rounds: 0, max_rounds: ctx.maxRounds, messages: [], seq, has_more: false }
  }
  const { session_id, rounds } = session
  const { before, limit = 50 } = query
  const page = await ctx.timeline.readSessionPage(session_id, before === undefined ? { limit } : { before, limit })
  const messages = page.rows.map(({ message }) => addIndicators(message))
  return { session_id, rounds, max_rounds: ctx.maxRounds, messages, seq: page.seq, has_more: page.has_more }
}

readHistory.report = { listShownEvents: listInputEvent } satisfies VerbReport<ChatHistoryQuery, ChatHistory>

/** Finds the session that the query names, or the active session that was used last. */
async function findSession(
  { sessions }: HistoryContext,
  { user_id }: Principal,
  { event_id, session_id }: ChatHistoryQuery,
): Promise<ChatSession | undefined> {
  if (session_id === undefined) return sessions.findActive(user_id, event_id)
  const session = await sessions.find(user_id, session_id)
  if (session?.event_id !== event_id) throw new ChatError('session_not_found')
  return session
}
