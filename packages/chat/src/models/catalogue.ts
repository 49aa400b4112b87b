import type { Event } from '@engineer-chat/protocol'
import type { ModelCapacity } from './capacity.ts'

/** Holds the prices of a million tokens, in the currency of the models file. */
export interface Prices {
  prompt: number
  completion: number
}

/** Says for which events a model is chosen. All conditions that the rule contains have to hold. */
export interface EventRule {
  /** An event matches if its severity is one of these. */
  severity?: Array<Event['severity']>
  /** An event matches if its source is one of these; upper or lower case does not matter. */
  source?: string[]
  /** An event matches if its name, message or context contains one of these words. */
  words?: string[]
}

/** Describes a model, without a way to call it. */
export interface ModelEntry {
  /** A caller names the model by this id. */
  id: string
  provider: string
  /** The provider knows the model by this name. Undefined means that the name is the id. */
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
  /** The model is chosen for an event that matches one of these rules. */
  choose_for: EventRule[]
  /** Lists the ids of the models that are tried after this one, in order. */
  fallbacks: string[]
}

export interface Catalogue {
  /** Holds the id of the model that answers if no rule chooses another. */
  default: string
  /** Models are in the order of the models file, in which their rules are tried. */
  models: ModelEntry[]
  /** Ends each chain, but callers can't name it. Undefined means that a chain ends with the fallbacks of its model. */
  analyst?: ModelEntry
}
