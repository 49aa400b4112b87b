import type { IndicatorType, Severity, Tlp } from '@engineer-chat/protocol'
import type { IndicatorReader } from '../../rooms/index.ts'

/** At most this many indicators of an event, the newest, are looked for in other events. */
export const MAX_SHARED_VALUES = 100
/** An indicator of more events than this says little, and a search for them would take long. */
export const MAX_SHARING_EVENTS = 50
/** The text is compared with that of this many events, the newest that the reader may enter. */
export const MAX_RANKED_EVENTS = 20_000
/** At most this many events are found by their text. */
export const MAX_FITTING_EVENTS = 50

/** Holds what an event has in common with others that the reader may enter. */
export interface CommonFacts {
  /** Lists the indicators that the reader may read here and in other events. */
  values: Array<{ type: IndicatorType; value: string; event_ids: string[] }>
  /** Ranks other events by their text. */
  fitting: Array<{ event_id: string; relevance: number }>
  /** Describes the events that are named above and that the reader may enter. */
  events: CommonEvent[]
}

export interface CommonEvent {
  event_id: string
  event_name: string
  severity: Severity
  tlp: Tlp
  message: string
  created_at: string
  /** Holds the current summary. */
  event_summary: string | null
}

/** Finds events that have something in common. */
export interface SimilarEvents {
  /**
   * Resolves to facts about no event if the event does not exist. The caller has to check that the reader may enter it.
   */
  findCommon(reader: IndicatorReader, event_id: string): Promise<CommonFacts>
}
