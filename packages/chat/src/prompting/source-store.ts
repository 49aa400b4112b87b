import type { MessageQuote } from '@engineer-chat/protocol'
import type { Audience, CommandSources, ReplyContext } from '../shared/index.ts'

/** Reads what a prompt contains in addition to a stored question's own context. */
export interface SourceStore {
  /**
   * Resolves to the context that a question has if it is asked now, and stores nothing. The result is undefined if the
   * event does not exist. `historyLimit` counts messages, two to a turn.
   */
  findContext(
    question: { event_id: string; session_id: string | null; question: string; quote?: MessageQuote },
    historyLimit: number,
  ): Promise<ReplyContext | undefined>
  /**
   * Reads for a command the newest summaries, changes and people's messages of these audiences, the oldest first.
   * With `unread` it reads only what follows the user's read mark at the start of this visit.
   */
  getCommandSources(query: {
    event_id: string
    user_id: string
    audiences: Audience[]
    unread: boolean
  }): Promise<CommandSources>
}

/** A visit begins with the first message that is read after a pause of this many minutes. */
export const VISIT_PAUSE_MINUTES = 15

/** A command reads at most this many of each kind. The prompt leaves out what does not fit. */
export const MAX_COMMAND_SOURCES = { summaries: 10, changes: 100, posts: 300 } as const
