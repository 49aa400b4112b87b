import type { Event } from '@engineer-chat/protocol'
import type { ModelCapacity } from './capacity.ts'

/** States what a million tokens cost, in the currency of the models file. */
export interface Prices {
  prompt: number
  completion: number
}

/** States for which events a model is chosen; every given condition has to hold. */
export interface EventRule {
  severity?: Array<Event['severity']>
  /** An event matches if its source is one of these; case does not matter. */
  source?: string[]
  /** An event matches if its name, message or context contains one of these. */
  words?: string[]
}

/** Describes a model, without a way to call it. */
export interface ModelEntry {
  /** A caller names the model by this id. */
  id: string
  provider: string
  /** The provider knows the model by this name; it is the id if it is left out. */
  model?: string
  /** The window is counted in tokens; null means that it is not known. */
  context_window: number | null
  /** An answer has at most this many tokens; null means the provider's own limit. */
  max_tokens: number | null
  /** Null means that the price is not known, or that the model costs nothing. */
  prices: Prices | null
  /** It is left out if nothing limits the calls to the model. */
  capacity?: ModelCapacity
  /** If true, the model may read events that are TLP:RED. It is left out if it is false. */
  inside?: boolean
  choose_for: EventRule[]
  /** Ids are listed in the order in which they are tried. */
  fallbacks: string[]
}

export interface Catalogue {
  /** This model answers where no rule chooses another. */
  default: string
  /** Models are in the order of the file, which is the order of their rules. */
  models: ModelEntry[]
  /** Ends each chain, but callers can't name it. It is left out where models name their fallbacks themselves. */
  analyst?: ModelEntry
}
