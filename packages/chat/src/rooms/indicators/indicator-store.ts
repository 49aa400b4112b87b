import type {
  FoundIndicator,
  IndicatorsQuery,
  IndicatorType,
  RoomIndicator,
  RoomIndicatorsQuery,
} from '@engineer-chat/protocol'
import type { Audience, Items, Principal, StoredMessage } from '../../shared/index.ts'

/** An indicator of a message, once per message. */
export interface IndicatorMention {
  type: IndicatorType
  value: string
  /** Identifies type and value. */
  value_hash: string
  /** Is the host of an address of the web or of mail, and null for other types. */
  host: string | null
}

/** Limits a read to the rows of these audiences, in events that the caller may enter. */
export interface IndicatorReader {
  caller: Principal
  audiences: Audience[]
}

/**
 * Stores which messages hold which indicators. The rows are derived from messages and follow them by the room's
 * numbers, some seconds late. They are removed together with their message.
 */
export interface IndicatorStore {
  /** Lists rooms with changes that were not read yet. */
  listRoomsBehind(limit: number): Promise<string[]>
  /**
   * Reads the next changed messages of a room, at most `limit`, and replaces their rows. Rows and progress are stored
   * together, and two workers take turns. Resolves to true if more changes may be left.
   */
  readNextMessages(
    event_id: string,
    limit: number,
    listMentions: (row: StoredMessage) => IndicatorMention[],
  ): Promise<boolean>
  /** Removes the rows of a room, so that they are made again from its first message. */
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
