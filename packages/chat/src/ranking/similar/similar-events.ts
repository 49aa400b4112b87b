import type { IndicatorType, Severity, Tlp } from '@engineer-chat/protocol'
import type { IndicatorReader } from '../../rooms/index.ts'

/** Other events are searched for the newest indicators of an event, at most this many. */
export const MAX_COMPARED_INDICATORS = 100
/**
 * At most this many other events are read for one indicator. An indicator that more events have says little, and it
 * would take long to read all of these events.
 */
export const MAX_SHARING_EVENTS = 50
/** The text of an event is compared with those of the newest events that the reader may enter, at most this many. */
export const MAX_RANKED_EVENTS = 20_000
/** At most this many of the ranked events with similar texts are found. */
export const MAX_SIMILAR_TEXTS = 50

/** Says by which indicators and by which texts other events are similar to one event, the compared event. */
export interface Similarities {
  /** Lists indicators of the compared event that other events have, too. `event_ids` names these other events. */
  sharedIndicators: Array<{ type: IndicatorType; value: string; event_ids: string[] }>
  /**
   * Lists the other events whose texts are similar, the most similar first. `relevance` is the one of `RankedEntry`.
   */
  similarTexts: Array<{ event_id: string; relevance: number }>
  /**
   * Describes the other events that the two lists above name. Only events of this list are similar events: it lacks
   * those that the reader may not enter and, for a prompt, those that came after the question.
   */
  events: SimilarEventRecord[]
}

/** Describes an event that is similar to another one, as it is stored. */
export interface SimilarEventRecord {
  event_id: string
  event_name: string
  severity: Severity
  tlp: Tlp
  message: string
  created_at: string
  /** Holds the current summary. Is null if the event has none or, for a prompt, if it came after the question. */
  event_summary: string | null
}

/** Finds the events that are similar to one event, and what they have in common. */
export interface SimilarEventsLookup {
  /**
   * Resolves to empty lists if the event does not exist. It does not check that the reader may enter the event
   * `event_id`: check this before the call.
   */
  findSimilarities(reader: IndicatorReader, event_id: string): Promise<Similarities>
}
