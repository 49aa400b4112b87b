import type { MessageQuote } from '@engineer-chat/protocol'
import type { ReplyContext } from '../../shared/index.ts'
import type { PromptSettings } from '../prepared-prompt.ts'
import type { ContextSourceKind } from './context-source-kinds.ts'

/** Limits what a context holds. */
export interface ContextLimits {
  /** Limits the messages of the session. A round has two messages. */
  historyLimit: number
  /** Only sources of these kinds are read. */
  kinds: ReadonlySet<ContextSourceKind>
  /**
   * The prompt has this many tokens for the sources that are taken by priority, so posts that cannot fit are not read
   * for a question.
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

/** Reads the context of a question that is not stored. */
export interface SourceStore {
  /**
   * Resolves to the context that the question has if this user asks it now, and stores nothing. The result is undefined
   * if the event does not exist. The caller has to check the user's rights.
   */
  findContext(
    question: { event_id: string; user_id: string; session_id: string | null; question: string; quote?: MessageQuote },
    limits: ContextLimits,
  ): Promise<ReplyContext | undefined>
}

/** A visit begins with the first message that is read after a pause of this many minutes. */
export const VISIT_PAUSE_MINUTES = 15
