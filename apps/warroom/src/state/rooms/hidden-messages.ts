import type { Message } from '@engineer-chat/protocol'
import { matchesFilter, type RoomFilter } from './room-filter.ts'
import { canBeUnread } from './unread.ts'

export interface HiddenCounts {
  /** Counts the messages of the shown range that the filter hides. */
  total: number
  /**
   * Counts the hidden messages of other users after the read position, also those outside the shown range. Changes of
   * the event are not counted.
   */
  unread: number
}

interface HiddenOptions {
  filter: RoomFilter
  /** Holds the first and the last position of the shown range; null while no message is loaded. */
  range: { first: number; last: number } | null
  user_id: string
  readPosition: number
}

export function countHidden(messages: readonly Message[], options: HiddenOptions): HiddenCounts {
  const { filter, range, user_id, readPosition } = options
  const hidden = filter === 'all' ? [] : messages.filter((message) => !matchesFilter(filter, message))
  const isInRange = ({ position }: Message) => !range || (position >= range.first && position <= range.last)
  return {
    total: hidden.filter(isInRange).length,
    unread: hidden.filter((message) => message.position > readPosition && canBeUnread(message, user_id)).length,
  }
}
