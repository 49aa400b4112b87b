import type { Audience, RoomChange, StoredMessage } from '../shared/index.ts'
import type { StoredPage } from './timeline.ts'

/**
 * Stores which messages people have pinned. A pin is a part of the message's row. Pinning changes this row and keeps
 * its position, and everyone who sees the row sees the pin.
 */
export interface PinStore {
  /**
   * Pins a message. The changed row takes the room's next number. If the message is pinned already, its row stays as it
   * is, and `change` is null.
   * @throws ChatError message_not_found (also if the message is in another event, has none of these audiences, or is an
   * unfinished reply), message_private
   */
  pin(
    event_id: string,
    message_id: string,
    pinner: { user_id: string; audiences: Audience[] },
  ): Promise<{ row: StoredMessage; change: RoomChange | null }>
  /**
   * Removes the pin of a message, whoever pinned it. The changed row takes the room's next number. If the message has
   * no pin, its row stays as it is, and `change` is null.
   * @throws ChatError message_not_found (also if the message is in another event or has none of these audiences)
   */
  unpin(
    event_id: string,
    message_id: string,
    unpinner: { audiences: Audience[] },
  ): Promise<{ row: StoredMessage; change: RoomChange | null }>
  /**
   * Lists the pinned messages with one of these audiences and a position greater than `after`, sorted by position.
   * `has_more` says whether such messages exist after the last listed message.
   */
  list(
    event_id: string,
    audiences: Audience[],
    query: { after: number; limit: number },
  ): Promise<Omit<StoredPage, 'seq'>>
}
