import type {
  Event,
  FoundIndicator,
  IndicatorsQuery,
  IndicatorType,
  RoomIndicator,
  RoomIndicatorsQuery,
} from '@engineer-chat/protocol'
import type { Audience, Items, Principal, StoredMessage } from '../../shared/index.ts'

/** An indicator of a message or of the event's report, once for each of them. */
export interface IndicatorMention {
  type: IndicatorType
  value: string
  /** Identifies type and value. */
  value_hash: string
  /** Is the host of an address of the web or of mail, and null for other types. */
  host: string | null
}

/** Is what an event says itself, before anybody has written in its room. */
export type EventReport = Pick<Event, 'event_name' | 'message' | 'context'>

/** Finds the rows of the table in what a room holds. */
export interface IndicatorRules {
  listMentions(row: StoredMessage): IndicatorMention[]
  listReportMentions(report: EventReport): IndicatorMention[]
  /** Tells if a row of the timeline says that the report was rewritten. */
  isReportChange(row: StoredMessage): boolean
}

/** The rows of the report stand before those of all messages. */
export const REPORT_POSITION = 0

/** Limits a read to the rows of these audiences, in events that the caller may enter. */
export interface IndicatorReader {
  caller: Principal
  audiences: Audience[]
}

/**
 * Stores which messages and reports of events hold which indicators. The rows are derived and follow the room's
 * numbers, some seconds late. They are removed together with their message.
 */
export interface IndicatorStore {
  /** Lists rooms with changes or a report that were not read yet. */
  listRoomsBehind(limit: number): Promise<string[]>
  /**
   * Reads the next changed messages of a room, at most `limit`, and the report if it is new or was rewritten, and
   * replaces their rows. Rows and progress are stored together, and two workers take turns. Resolves to true if more
   * changes may be left.
   */
  readNextMessages(event_id: string, limit: number, rules: IndicatorRules): Promise<boolean>
  /** Removes the rows of a room, so that they are made again from its report and its first message. */
  reset(event_id: string): Promise<void>
  /** Lists the rooms that have progress, in order, after a room. */
  listReadRooms(query: { after: string; limit: number }): Promise<string[]>
  /** Lists a room's indicators, those of the newest messages first. */
  list(
    reader: IndicatorReader,
    event_id: string,
    query: Omit<RoomIndicatorsQuery, 'limit' | 'value'> & { limit: number; value_hashes?: string[] },
  ): Promise<Items<RoomIndicator>>
  /** Lists the rooms that hold an indicator whose value or host begins so, the newest first. */
  search(
    reader: IndicatorReader,
    query: Omit<IndicatorsQuery, 'limit' | 'q'> & { limit: number; beginnings: string[] },
  ): Promise<Items<FoundIndicator>>
}
