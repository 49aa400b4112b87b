import type { Message } from '@engineer-chat/protocol'
import { create } from 'zustand'

/** Lists the filters of a room. The filter `ai` shows the questions to the AI and its answers. */
export const ROOM_FILTERS = ['all', 'people', 'agents', 'ai', 'pinned'] as const
export type RoomFilter = (typeof ROOM_FILTERS)[number]

/** Holds the filter of each room until the page is closed or reloaded. */
const useFilters = create<Record<string, RoomFilter>>(() => ({}))

export const useRoomFilter = (event_id: string): RoomFilter => useFilters((filters) => filters[event_id] ?? 'all')

const getRoomFilter = (event_id: string): RoomFilter => useFilters.getState()[event_id] ?? 'all'

export const setRoomFilter = (event_id: string, filter: RoomFilter): void => useFilters.setState({ [event_id]: filter })

type FilteredMessage = Pick<Message, 'message_category' | 'pinned'>

export function matchesFilter(filter: RoomFilter, { message_category, pinned }: FilteredMessage): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'people':
      return message_category === 'room'
    case 'agents':
      return message_category === 'agent'
    case 'ai':
      return message_category === 'engineer_chat'
    case 'pinned':
      return pinned !== undefined
  }
}

export const isHidden = (event_id: string, message: FilteredMessage): boolean =>
  !matchesFilter(getRoomFilter(event_id), message)

/** Removes the room's filter if it hides this message. Returns true if the filter was removed. */
export function removeFilterThatHides(event_id: string, message: FilteredMessage): boolean {
  if (!isHidden(event_id, message)) return false
  setRoomFilter(event_id, 'all')
  return true
}
