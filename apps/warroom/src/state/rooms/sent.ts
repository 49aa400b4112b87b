import { create } from 'zustand'
import { showNewest } from './rooms.ts'

const useCounts = create<Record<string, number>>(() => ({}))

/** Counts what was sent to a room from this page. Its timeline goes to its end with each. */
export const useSentCount = (event_id: string): number => useCounts((counts) => counts[event_id] ?? 0)

/** Shows the end of the room, where one's new message stands. */
export function showSent(event_id: string): void {
  showNewest(event_id)
  useCounts.setState((counts) => ({ [event_id]: (counts[event_id] ?? 0) + 1 }))
}
