import type { ChatSession, Visibility } from '@engineer-chat/protocol'

export interface SessionStore {
  /** Makes a session and makes it the user's active one of the event. Room, then session: the locks' order. */
  create(session: {
    session_id: string
    event_id: string
    user_id: string
    visibility: Visibility
    max_rounds: number
    /** The prompts of the new session contain this summary of the session before it. */
    carried_over?: string | null
  }): Promise<ChatSession>
  /** The owner's own, or undefined. */
  find(user_id: string, session_id: string): Promise<ChatSession | undefined>
  findActive(user_id: string, event_id: string): Promise<ChatSession | undefined>
  /** The newest first; `cursor` is the last session id of the page before. */
  list(
    user_id: string,
    event_id: string,
    query: { cursor?: string; limit: number },
  ): Promise<{ items: ChatSession[]; next_cursor: string | null }>
  /** Counts the unfinished replies of this user's sessions in this event. */
  countPendingReplies(user_id: string, event_id: string): Promise<number>
}
