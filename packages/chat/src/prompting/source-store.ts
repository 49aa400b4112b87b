import type { Audience, CommandSources, ReplyContext } from '../shared/index.ts'

/** Reads what models are told in addition to a stored question's own context. */
export interface SourceStore {
  /**
   * As it would be for a question that is asked now, and isn't stored: what `send` and a new session would begin with.
   * Undefined: there is no such event. `history_limit` counts messages, two to a turn.
   */
  findContext(
    asked: { event_id: string; session_id: string | null; question: string },
    history_limit: number,
  ): Promise<ReplyContext | undefined>
  /**
   * Reads for a command the newest summaries, changes and people's messages of these audiences, the oldest first. With
   * `unread` it reads only what stands after the user's read mark of when this visit began.
   */
  getCommandSources(query: {
    event_id: string
    user_id: string
    audiences: Audience[]
    unread: boolean
  }): Promise<CommandSources>
}

/** A visit begins with the first message read after so long a pause. */
export const VISIT_PAUSE_MINUTES = 15

/** A command reads at most this many of each kind. The prompt leaves out what does not fit. */
export const MAX_COMMAND_SOURCES = { summaries: 10, changes: 100, posts: 300 } as const
