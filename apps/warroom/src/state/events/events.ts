import type { CreateEvent, Event } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/session.ts'

export const useEvents = create<{ events: readonly Event[]; next: string | null; loaded: boolean }>(() => ({
  events: [],
  next: null,
  loaded: false,
}))

export async function loadEvents(): Promise<void> {
  const { items, next_cursor } = await client.events({ limit: 50 })
  useEvents.setState({ events: items, next: next_cursor, loaded: true })
}

/** Merges new and changed events into the list, and keeps its further pages. */
async function refreshEvents(): Promise<void> {
  const { items } = await client.events({ limit: 50 })
  useEvents.setState(({ events }) => {
    const known = new Map(events.map((event) => [event.event_id, event]))
    const fresh = items.map((item) => {
      const there = known.get(item.event_id)
      return there && there.seq > item.seq ? there : item
    })
    const ids = new Set(fresh.map(({ event_id }) => event_id))
    return { events: [...fresh, ...events.filter(({ event_id }) => !ids.has(event_id))] }
  })
}

const EVERY_MS = 30_000

/** Refreshes while the page is visible, and whenever it gets the focus. Returns the stop function. */
export function keepEventsFresh(): () => void {
  const refresh = () => {
    if (document.visibilityState === 'visible') void refreshEvents().catch(() => {})
  }
  const timer = setInterval(refresh, EVERY_MS)
  addEventListener('focus', refresh)
  return () => {
    clearInterval(timer)
    removeEventListener('focus', refresh)
  }
}

export async function loadMoreEvents(): Promise<void> {
  const { next } = useEvents.getState()
  if (next === null) return
  const { items, next_cursor } = await client.events({ limit: 50, cursor: next })
  useEvents.setState(({ events }) => ({ events: [...events, ...items], next: next_cursor }))
}

/** Updates the list from a room, whose event is newer. */
export function putEvent(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((one) => (one.event_id === event.event_id && event.seq >= one.seq ? event : one)),
  }))
}

export async function openEvent(event: CreateEvent): Promise<Event> {
  const created = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: [created, ...events] }))
  return created
}
