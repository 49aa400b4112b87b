import type { MessageQuote } from '@engineer-chat/protocol'
import type { ReplyContext } from '../../shared/index.ts'
import type { PromptSettings } from '../prepared-prompt.ts'
import type { ContextSourceKind } from './context-source-kinds.ts'

/** Limits what is read into the context of a question. */
export interface ContextLimits {
  /** At most this many messages of the session are read. A round has two messages. */
  historyLimit: number
  /** Only sources of these kinds are read. */
  kinds: ReadonlySet<ContextSourceKind>
  /**
   * Is the number of tokens that the prompt has for the sources that are taken by priority. For a plain question, posts
   * that cannot fit into them are not read. For a command, this does not limit the posts.
   */
  roomTokens: number
}

export const toContextLimits = ({
  historyLimit,
  promptSettings: { sourceKinds, roomTokens },
}: {
  historyLimit: number
  promptSettings: PromptSettings
}): ContextLimits => ({ historyLimit, kinds: sourceKinds, roomTokens })

/** Reads the context of a question before the question is stored, for example for a preview. */
export interface SourceStore {
  /**
   * Resolves to the context that the question would have if this user asked it now. It stores nothing. The result is
   * undefined if the event does not exist. The caller has to check the user's rights. `session_id` is null for a new
   * session.
   */
  findContext(
    asked: { event_id: string; user_id: string; session_id: string | null; question: string; quote?: MessageQuote },
    limits: ContextLimits,
  ): Promise<ReplyContext | undefined>
}

/** A visit begins with the first message that is read after a pause of this many minutes. */
export const VISIT_PAUSE_MINUTES = 15
