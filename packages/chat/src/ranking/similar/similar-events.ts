import type { IndicatorType, Severity, Tlp } from '@engineer-chat/protocol'
import type { IndicatorReader } from '../../rooms/index.ts'

/** At most this many indicators of an event, its newest ones, are looked for in other events. */
export const MAX_COMPARED_INDICATORS = 100
/**
 * At most this many events are read for one indicator. An indicator of more events says little, and the search for all
 * of them would take long.
 */
export const MAX_SHARING_EVENTS = 50
/** An event is compared by its text with at most this many others, the newest that the reader may enter. */
export const MAX_RANKED_EVENTS = 20_000
/** At most this many events with similar texts are found. */
export const MAX_SIMILAR_TEXTS = 50

/** Says by which indicators and texts an event is similar to other events. */
export interface Similarities {
  /** Lists the event's indicators that other events have, too. `event_ids` names these other events. */
  sharedIndicators: Array<{ type: IndicatorType; value: string; event_ids: string[] }>
  /** Lists the other events whose texts are similar, the most similar first. */
  similarTexts: Array<{ event_id: string; relevance: number }>
  /** Describes the events that `sharedIndicators` and `similarTexts` name and that the reader may enter. */
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
  /** Holds the current summary. */
  event_summary: string | null
}

/** Finds the events that are similar to one event, and what they have in common. */
export interface SimilarEvents {
  /**
   * Resolves to empty lists if the event does not exist. The caller has to check that the reader may enter this event.
   */
  findSimilarities(reader: IndicatorReader, event_id: string): Promise<Similarities>
}
