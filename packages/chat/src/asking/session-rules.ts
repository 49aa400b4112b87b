import type { ChatSession, Visibility } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'

/** Holds the values that a question requires of its session. */
interface SessionRequirement {
  event_id: string
  user_id: string
  /** Null means that the question names no session: it uses an active session or begins a new one. */
  session_id: string | null
  /**
   * A session that the question names must have this visibility. Without a named session, it chooses among the active
   * sessions. Null fits every session, and chooses the active session used last.
   */
  visibility: Visibility | null
}

/**
 * Returns the reason why a question may not use the session that was found for it, or undefined. The session of another
 * user or of another event looks like one that does not exist.
 */
export function findSessionRefusal(
  required: SessionRequirement,
  session: Pick<ChatSession, 'event_id' | 'user_id' | 'visibility'> | undefined,
): ChatError | undefined {
  if (!session) return required.session_id === null ? undefined : new ChatError('session_not_found')
  if (session.user_id !== required.user_id || session.event_id !== required.event_id)
    return new ChatError('session_not_found')
  if (required.visibility !== null && required.visibility !== session.visibility)
    return new ChatError('session_visibility_mismatch')
  return undefined
}

/** Returns the visibility of a question: the visibility of its session, or of the new session that it will begin. */
export const findVisibility = (
  { visibility }: Pick<SessionRequirement, 'visibility'>,
  session: Pick<ChatSession, 'visibility'> | undefined,
): Visibility => session?.visibility ?? visibility ?? 'private'

/** Returns the refusal of a question if its session has no round left, otherwise undefined. */
export function findRoundRefusal(
  { max_rounds }: { max_rounds: number },
  session: Pick<ChatSession, 'session_id' | 'rounds'> | undefined,
): ChatError | undefined {
  if (!session || session.rounds < max_rounds) return undefined
  const { session_id } = session
  return new ChatError('session_round_limit', undefined, { session_id, action: 'create_new_session' })
}

/** Returns true if the event's summary changed between a session's previous question and this one. */
export const isSummaryUpdated = (
  question: { event_summary_version: string | null },
  previous: { event_summary_version: string | null } | undefined,
): boolean => previous !== undefined && previous.event_summary_version !== question.event_summary_version
