import type { ChatSession, Visibility } from '@engineer-chat/protocol'

export interface SessionStore {
  /**
   * Creates a session. In the event, it becomes the user's active session of this visibility, and it counts as used
   * last. The store locks the room's row first and the sessions' rows second. A question does the same, so a creation
   * and a question cannot deadlock.
   */
  create(session: {
    session_id: string
    event_id: string
    user_id: string
    visibility: Visibility
    /** Holds the limit of rounds that is configured when the session begins. */
    max_rounds: number
    /** The prompts of the new session contain this summary of the previous session. Null means that there is none. */
    carried_over?: string | null
  }): Promise<ChatSession>
  /** Resolves to undefined if the session does not exist or belongs to another user. */
  find(user_id: string, session_id: string): Promise<ChatSession | undefined>
  /** Finds the active session with this visibility. Without a visibility, finds the active session used last. */
  findActive(user_id: string, event_id: string, visibility?: Visibility): Promise<ChatSession | undefined>
  /** Lists the user's sessions in the event, the newest first. `cursor` is the last id of the previous page. */
  list(
    user_id: string,
    event_id: string,
    query: { cursor?: string; limit: number },
  ): Promise<{ items: ChatSession[]; next_cursor: string | null }>
  /** Counts the unfinished replies of this user's sessions in this event. */
  countUnfinishedReplies(user_id: string, event_id: string): Promise<number>
}
