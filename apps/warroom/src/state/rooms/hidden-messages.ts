import type { Message } from '@engineer-chat/protocol'
import { matchesFilter, type RoomFilter } from './room-filter.ts'
import { canBeUnread } from './unread.ts'

export interface HiddenCounts {
  /** Counts the messages of the loaded range that the filter hides. */
  total: number
  /** Counts the hidden messages after the read position that others have written. */
  unread: number
}

interface HiddenOptions {
  filter: RoomFilter
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
