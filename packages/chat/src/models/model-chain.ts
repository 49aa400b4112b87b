import type { Event } from '@engineer-chat/protocol'
import type { ModelCapacity } from './capacity.ts'
import type { ModelEntry } from './catalogue.ts'
import type { Llm } from './llm.ts'

/**
 * Limits are in milliseconds; null means that only the total limits the call. A piece of reasoning counts as a token,
 * a keep-alive comment does not.
 */
export interface CallLimits {
  total_ms: number
  first_token_ms: number | null
  /** This limits the time between one token and the next. */
  idle_ms: number | null
}

/** Describes a model that can be called. */
export interface ModelCandidate
  extends Pick<ModelEntry, 'id' | 'provider' | 'context_window' | 'max_tokens' | 'prices' | 'capacity' | 'inside'> {
  llm: Llm
  limits: CallLimits
}

export interface LimitedModel {
  id: string
  capacity: ModelCapacity
}

export interface ModelChains {
  /** Lists the models with a limit of calls. */
  readonly limited: LimitedModel[]
  /**
   * Lists the models to call, in order: the model that was asked for, otherwise the one that the event's rules choose,
   * otherwise the default; then its fallbacks. It is empty only if no model may read the event.
   */
  list(requestedModelId: string | null, event: Event): ModelCandidate[]
  /**
   * Names the built-in analyst, which answers at a reply's deadline even if the chain doesn't name it. It is null if
   * the operator wants an error instead.
   */
  readonly analyst: ModelCandidate | null
}

/** The analyst is never busy and costs nothing, but does not reason: it gives the facts of the event. */
export const isAnalyst = ({ provider }: Pick<ModelCandidate, 'provider'>): boolean => provider === 'offline'
