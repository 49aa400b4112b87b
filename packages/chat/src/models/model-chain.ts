import type { Event } from '@engineer-chat/protocol'
import type { ModelCapacity } from './capacity.ts'
import type { ModelEntry } from './catalogue.ts'
import type { Llm } from './llm.ts'

/** Limits how long a call may take. A token of reasoning is a token, too, but a keep-alive message is none. */
export interface CallTimeLimits {
  total_ms: number
  /** Limits the time until the first token. Null means no limit but `total_ms`. */
  first_token_ms: number | null
  /** Limits the time between one token and the next. Null means no limit but `total_ms`. */
  idle_ms: number | null
}

/** Describes a model that can be called. */
export interface ModelCandidate
  extends Pick<ModelEntry, 'id' | 'provider' | 'context_window' | 'max_tokens' | 'prices' | 'capacity' | 'inside'> {
  llm: Llm
  /** Limits the time of each call; `capacity` limits the number of calls. */
  limits: CallTimeLimits
}

/** Describes a model whose number of calls is limited. */
export interface LimitedModel {
  id: string
  capacity: ModelCapacity
}

export interface ModelChains {
  /** Lists all configured models that have a `capacity`. */
  readonly limitedModels: LimitedModel[]
  /**
   * Lists the models to call for a question, as `listModelChain` describes. The list is empty only if none of the
   * models that the question can use may read the event.
   */
  list(requestedModelId: string | null, event: Event): ModelCandidate[]
  /**
   * Holds the offline analyst, which answers at a reply's deadline even if the chain doesn't contain it. Null means
   * that the reply ends as an error at its deadline instead, because the operator wants this.
   */
  readonly analyst: ModelCandidate | null
}

/**
 * Returns true for the offline analyst. It is never busy and costs nothing, but it does not reason: it only repeats the
 * event's facts.
 */
export const isAnalyst = ({ provider }: Pick<ModelCandidate, 'provider'>): boolean => provider === 'offline'
