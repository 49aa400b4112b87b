import type { Event } from '@engineer-chat/protocol'
import type { ModelCapacity } from './capacity.ts'

/** Holds the prices of a million tokens, in the currency of the models file. */
export interface Prices {
  prompt: number
  completion: number
}

/** Says for which events a model is chosen. An event matches the rule if it fulfils each condition that is set. */
export interface EventRule {
  /** The event's severity has to be one of these. */
  severity?: Array<Event['severity']>
  /** The event's source has to be one of these; upper or lower case does not matter. */
  source?: string[]
  /** The event's name, message or context has to contain one of these words. */
  words?: string[]
}

/** Describes a model, without a way to call it. */
export interface ModelEntry {
  /** A caller names the model by this id. */
  id: string
  /** Names the API by which the model is called, such as `anthropic`. `offline` means the offline analyst. */
  provider: string
  /** The model's endpoint knows the model by this name. Undefined means that the name is the id. */
  model?: string
  /** The window is counted in tokens; null means that it is not known. */
  context_window: number | null
  /** An answer has at most this many tokens; null means the provider's own limit. */
  max_tokens: number | null
  /** Null means that the price is not known, or that the model costs nothing. */
  prices: Prices | null
  /** Undefined means that nothing limits the calls to the model. */
  capacity?: ModelCapacity
  /** If true, the model may read events that are TLP:RED. Undefined means false. */
  inside?: boolean
  /** The model is chosen for an event that matches at least one of these rules. */
  choose_for: EventRule[]
  /** Lists the ids of the models that are tried after this one, in order. */
  fallbacks: string[]
}

export interface Catalogue {
  /** Holds the id of the model that answers if no rule chooses another. */
  default: string
  /** Models are in the order of the models file, in which their rules are tried. */
  models: ModelEntry[]
  /**
   * Describes the offline analyst that ends each chain. It is not in `models`, so callers can't name it. Undefined
   * means that nothing is added to a chain.
   */
  analyst?: ModelEntry
}
