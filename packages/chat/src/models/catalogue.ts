import type { Event } from '@engineer-chat/protocol'

/** What a million tokens cost, in the currency of the models file. */
export interface Prices {
  prompt: number
  completion: number
}

/** For which events a model is chosen; all that is given has to hold. */
export interface EventRule {
  severity?: Array<Event['severity']>
  /** An event matches if its source is one of these; case does not matter. */
  source?: string[]
  /** Any of them, in the event's name, message or context. */
  words?: string[]
}

/** What is known of a model, without a way to ask it. */
export interface ModelEntry {
  /** A caller names the model by this id. */
  id: string
  provider: string
  /** As its provider calls it; the id if left out. */
  model?: string
  /** The window is counted in tokens; null means that it is not known. */
  context_window: number | null
  /** What an answer has at most; null: the provider's own limit. */
  max_tokens: number | null
  /** Null means that the price is not known, or that the model costs nothing. */
  prices: Prices | null
  choose_for: EventRule[]
  /** Ids, in the order in which they are tried. */
  fallbacks: string[]
}

export interface Catalogue {
  /** The id of the model that answers where no rule chooses another. */
  default: string
  /** In the order of the file, which is the order of their rules. */
  models: ModelEntry[]
}
