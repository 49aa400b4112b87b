import type { ChatSession, Visibility } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'

/** Holds the values that a question requires of its session. Null requires nothing. */
interface SessionRequirement {
  event_id: string
  user_id: string
  /** Null means that the question names no session. Then it uses an active session or begins a new one. */
  session_id: string | null
  /**
   * If the question names a session, that session must have this visibility, or any visibility if this is null. If the
   * question names no session, it uses the active session with this visibility. With null, it uses the active session
   * that was used last.
   */
  visibility: Visibility | null
}

/**
 * Returns the error that refuses a question because of the session that was found for it. Returns undefined if the
 * question may use the session, or if it begins a new one. A session of another user or of another event is refused as
 * if it did not exist.
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

/**
 * Returns the visibility of a question. It is the visibility of the found session. If no session was found, it is that
 * of the session that the question begins.
 */
export const findVisibility = (
  { visibility }: Pick<SessionRequirement, 'visibility'>,
  session: Pick<ChatSession, 'visibility'> | undefined,
): Visibility => session?.visibility ?? visibility ?? 'private'

/**
 * Returns the refusal of a question if its session has no round left, otherwise undefined. `session` is undefined if
 * the question begins a new session.
 */
export function findRoundRefusal(
  { max_rounds }: { max_rounds: number },
  session: Pick<ChatSession, 'session_id' | 'rounds'> | undefined,
): ChatError | undefined {
  if (!session || session.rounds < max_rounds) return undefined
  const { session_id } = session
  return new ChatError('session_round_limit', undefined, { session_id, action: 'create_new_session' })
}

/** Returns true if the event's summary changed after the session's previous question and before this question. */
export const isSummaryUpdated = (
  question: { event_summary_version: string | null },
  previousQuestion: { event_summary_version: string | null } | undefined,
): boolean =>
  previousQuestion !== undefined && previousQuestion.event_summary_version !== question.event_summary_version
