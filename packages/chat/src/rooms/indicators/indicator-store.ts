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

/** Describes an indicator of a message or of the event's report. A message or report has one mention of each value. */
export interface IndicatorMention {
  type: IndicatorType
  value: string
  /** Is the hash of type and value. */
  value_hash: string
  /** Holds the host of a URL or of a mail address, and null for other types. */
  host: string | null
}

/** Holds the event's own text, which exists before anybody has written in its room. */
export type EventReport = Pick<Event, 'event_name' | 'message' | 'context'>

/** Derives the stored mentions of indicators from the messages and the report of a room. */
export interface IndicatorRules {
  listMentions(row: StoredMessage): IndicatorMention[]
  listReportMentions(report: EventReport): IndicatorMention[]
  /** Returns true for a row of the timeline that says that the report was rewritten. */
  isReportChange(row: StoredMessage): boolean
}

/** The rows of the report have this position, which is before the position of every message. */
export const REPORT_POSITION = 0

/** Limits a read to the rows of these audiences, in events that the caller may enter. */
export interface IndicatorReader {
  caller: Principal
  audiences: Audience[]
}

/**
 * Stores which messages and which reports of events hold which indicators. A room is behind while a message, or a new
 * or rewritten report, has not been read yet. Rows are removed together with their message.
 */
export interface IndicatorStore extends RoomFollower<IndicatorRules> {
  /**
   * Lists a room's indicators, or those whose hash is one of `value_hashes`. The indicators of the newest messages come
   * first.
   */
  list(
    reader: IndicatorReader,
    event_id: string,
    query: Omit<RoomIndicatorsQuery, 'limit' | 'value'> & { limit: number; value_hashes?: string[] },
  ): Promise<Items<RoomIndicator>>
  /**
   * Lists the indicators whose value or host begins with one of `beginnings`, once for each room that holds them. The
   * indicators with the newest messages come first.
   */
  search(
    reader: IndicatorReader,
    query: Omit<IndicatorsQuery, 'limit' | 'q'> & { limit: number; beginnings: string[] },
  ): Promise<Items<FoundIndicator>>
}
