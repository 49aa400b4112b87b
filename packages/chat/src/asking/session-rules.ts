import type { ChatSession, Visibility } from '@engineer-chat/protocol'
import { ChatError } from '../shared/index.ts'

/** What a question says about the session that it wants to stand in. */
interface SessionWish {
  event_id: string
  user_id: string
  /** Null: the active one, or a new one. */
  session_id: string | null
  /** Null: as the session is. */
  visibility: Visibility | null
}

/** Why a question may not stand in the session that was found for it. Another user's session looks like none. */
export function findSessionRefusal(
  wish: SessionWish,
  session: Pick<ChatSession, 'event_id' | 'user_id' | 'visibility'> | undefined,
): ChatError | undefined {
  if (!session) return wish.session_id === null ? undefined : new ChatError('session_not_found')
  if (session.user_id !== wish.user_id || session.event_id !== wish.event_id) return new ChatError('session_not_found')
  if (wish.visibility !== null && wish.visibility !== session.visibility)
    return new ChatError('session_visibility_mismatch')
  return undefined
}

/** The refusal of a question whose session has no round left. */
export function findRoundRefusal(
  { max_rounds }: { max_rounds: number },
  session: Pick<ChatSession, 'session_id' | 'rounds'> | undefined,
): ChatError | undefined {
  if (!session || session.rounds < max_rounds) return undefined
  const { session_id } = session
  return new ChatError('session_round_limit', undefined, { session_id, action: 'create_new_session' })
}

/** Whether the event's summary changed between a session's question and the one before it. */
export const isSummaryUpdated = (
  question: { event_summary_version: string | null },
  previous: { event_summary_version: string | null } | undefined,
): boolean => previous !== undefined && previous.event_summary_version !== question.event_summary_version
