import type { Audience, RoomChange, StoredMessage } from '../shared/index.ts'
import type { StoredPage } from './timeline.ts'

/**
 * Stores which messages people pin. A pin is a part of its message's row: pinning changes the row in place, and
 * everyone who sees the row sees the pin.
 */
export interface PinStore {
  /**
   * Pins a message and takes the room's next number. A message that is pinned already stays as it is, and `change` is
   * null.
   * @throws ChatError message_not_found (also if it is in another event, not visible to the caller, or unfinished),
   * message_private
   */
  pin(
    event_id: string,
    message_id: string,
    by: { user_id: string; audiences: Audience[] },
  ): Promise<{ row: StoredMessage; change: RoomChange | null }>
  /** Removes a pin. For a message without a pin, `change` is null. @throws ChatError message_not_found */
  unpin(
    event_id: string,
    message_id: string,
    by: { audiences: Audience[] },
  ): Promise<{ row: StoredMessage; change: RoomChange | null }>
  /** Lists the pinned messages after a position, in the room's order. `has_more` says whether later pins exist. */
  list(
    event_id: string,
    audiences: Audience[],
    query: { after: number; limit: number },
  ): Promise<Omit<StoredPage, 'seq'>>
}
