import type {
  Event,
  FoundIndicator,
  IndicatorsQuery,
  IndicatorType,
  RoomIndicator,
  RoomIndicatorsQuery,
} from '@engineer-chat/protocol'
import type { Audience, Items, Principal, StoredMessage } from '../../shared/index.ts'
import type { RoomFollower } from '../follow-rooms.ts'

/**
 * Says that a message or the event's report contains an indicator. An indicator that appears several times in the
 * same message or report has one occurrence there.
 */
export interface IndicatorOccurrence {
  type: IndicatorType
  value: string
  /** Is the hash of `type` and `value` together, which `toValueHash` returns. */
  value_hash: string
  /** Holds the host of a URL or of a mail address, and null for other types. */
  host: string | null
}

/** Holds the texts with which an event was opened, as they are now. They may be edited later. */
export type EventReport = Pick<Event, 'event_name' | 'message' | 'context'>

/** Finds the occurrences in a message or in the report of an event. The store keeps what these rules find. */
export interface IndicatorRules {
  listOccurrences(row: StoredMessage): IndicatorOccurrence[]
  listReportOccurrences(report: EventReport): IndicatorOccurrence[]
  /** Returns true for a row of the timeline that says that the report was rewritten. */
  isReportChange(row: StoredMessage): boolean
}

/** Rows about the report have this position in place of a message's. It is lower than the position of every message. */
export const REPORT_POSITION = 0

/** Says for whom rows are read: only those of these audiences, and only in events that the caller may enter. */
export interface IndicatorReader {
  caller: Principal
  audiences: Audience[]
}

/**
 * Stores a row for each occurrence. A room is behind while the store has not yet read one of its messages, or its new
 * or rewritten report. The rows of a message are removed together with it.
 */
export interface IndicatorStore extends RoomFollower<IndicatorRules> {
  /**
   * Lists the indicators of a room that match `query`. With `value_hashes`, only indicators with one of these hashes
   * match. The indicators of the newest messages come first.
   */
  list(
    reader: IndicatorReader,
    event_id: string,
    query: Omit<RoomIndicatorsQuery, 'limit' | 'value'> & { limit: number; value_hashes?: string[] },
  ): Promise<Items<RoomIndicator>>
  /**
   * Lists the indicators whose value or host begins with one of `beginnings`. An indicator of several rooms is listed
   * once for each room. The indicators of the newest messages come first.
   */
  search(
    reader: IndicatorReader,
    query: Omit<IndicatorsQuery, 'limit' | 'q'> & { limit: number; beginnings: string[] },
  ): Promise<Items<FoundIndicator>>
}
