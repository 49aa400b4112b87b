import type { Event } from '@engineer-chat/protocol'
import type { ModelEntry } from './catalogue.ts'
import type { Llm } from './llm.ts'

/** Milliseconds; null: no limit but the total. A comment that keeps a connection alive is no token; thinking is one. */
export interface CallLimits {
  total_ms: number
  first_token_ms: number | null
  /** Between one token and the next. */
  idle_ms: number | null
}

/** A model that can be asked. */
export interface ModelCandidate
  extends Pick<ModelEntry, 'id' | 'provider' | 'context_window' | 'max_tokens' | 'prices'> {
  llm: Llm
  limits: CallLimits
}

export interface ModelChains {
  /**
   * Whom to ask, in this order, at least one: the model that was asked for, else the one that the event's rules choose, else
   * the default; then its fallbacks.
   */
  list(asked: string | null, event: Event): ModelCandidate[]
}
