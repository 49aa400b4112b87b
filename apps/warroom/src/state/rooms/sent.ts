import { create } from 'zustand'
import { showNewest } from './rooms.ts'

const useSentCounts = create<Record<string, number>>(() => ({}))

/** Counts the messages that this page has sent to a room. The timeline scrolls to its end after each. */
export const useSentCount = (event_id: string): number => useSentCounts((counts) => counts[event_id] ?? 0)

/** Shows the end of the room, where the user's new message appears. */
export function showSent(event_id: string): void {
  showNewest(event_id)
  useSentCounts.setState((counts) => ({ [event_id]: (counts[event_id] ?? 0) + 1 }))
}
