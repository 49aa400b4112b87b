import { create } from 'zustand'
import { readStored, store, toRoomKey } from '../page/storage.ts'
import { showNewest } from './rooms.ts'

const useSentCounts = create<Record<string, number>>(() => ({}))

/** Counts what the user has sent to a room since the page was loaded. Each time, the timeline scrolls to its end. */
export const useSentCount = (event_id: string): number => useSentCounts((counts) => counts[event_id] ?? 0)

/** Shows the end of the room, where the user's new message appears. */
export function showEndAfterSending(user_id: string, event_id: string): void {
  store(toRoomKey(user_id, event_id, 'written'), true)
  showNewest(event_id)
  useSentCounts.setState((counts) => ({ [event_id]: (counts[event_id] ?? 0) + 1 }))
}

/** Returns true if this person sent something to the room from this browser. */
export const hasWrittenInRoom = (user_id: string, event_id: string): boolean =>
  readStored<boolean>(toRoomKey(user_id, event_id, 'written')) === true
