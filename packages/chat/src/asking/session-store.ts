import type { ChatSession, Visibility } from '@engineer-chat/protocol'

export interface SessionStore {
  /**
   * Creates a session. It becomes the user's active session with its visibility in the event, and the session that the
   * user used last. The store locks the room's row first and the sessions' rows second, as a question does, so
   * that the two cannot deadlock.
   */
  create(session: {
    session_id: string
    event_id: string
    user_id: string
    visibility: Visibility
    max_rounds: number
    /** The prompts of the new session contain this summary of the session before it. */
    carried_over?: string | null
  }): Promise<ChatSession>
  /** Finds a session of this user, or undefined. */
  find(user_id: string, session_id: string): Promise<ChatSession | undefined>
  /** Finds the active session with this visibility. Without a visibility, finds the active session used last. */
  findActive(user_id: string, event_id: string, visibility?: Visibility): Promise<ChatSession | undefined>
  /** Lists the user's sessions in the event, the newest first. `cursor` is the id of the previous page's last one. */
  list(
    user_id: string,
    event_id: string,
    query: { cursor?: string; limit: number },
  ): Promise<{ items: ChatSession[]; next_cursor: string | null }>
  /** Counts the unfinished replies of this user's sessions in this event. */
  countPendingReplies(user_id: string, event_id: string): Promise<number>
}
