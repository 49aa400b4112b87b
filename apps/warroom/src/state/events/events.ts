import type { CreateEvent, Event, EventFilter } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/session.ts'

interface Events {
  events: readonly Event[]
  next: string | null
  loaded: boolean
  filter: EventFilter
}

export const useEvents = create<Events>(() => ({ events: [], next: null, loaded: false, filter: {} }))

export async function loadEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items, next_cursor } = await client.events({ limit: 50, ...filter })
  // A filter that was chosen meanwhile loads its own list.
  if (useEvents.getState().filter === filter) useEvents.setState({ events: items, next: next_cursor, loaded: true })
}

/** Shows the events that match the filter. The former list stays until the new one has loaded. */
export function filterEvents(filter: EventFilter): void {
  useEvents.setState({ filter })
  void loadEvents().catch(() => {})
}

/** Merges new and changed events into the list, and keeps its further pages. */
async function refreshEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items } = await client.events({ limit: 50, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) => {
    if (newestFilter !== filter) return {}
    const known = new Map(events.map((event) => [event.event_id, event]))
    const fresh = items.map((item) => {
      const current = known.get(item.event_id)
      return current && current.seq > item.seq ? current : item
    })
    const ids = new Set(fresh.map(({ event_id }) => event_id))
    return { events: [...fresh, ...events.filter(({ event_id }) => !ids.has(event_id))] }
  })
}

const REFRESH_INTERVAL_MS = 30_000

/** Refreshes while the page is visible, and whenever it gets the focus. Returns the stop function. */
export function keepEventsFresh(): () => void {
  const refresh = () => {
    if (document.visibilityState === 'visible') void refreshEvents().catch(() => {})
  }
  const timer = setInterval(refresh, REFRESH_INTERVAL_MS)
  addEventListener('focus', refresh)
  return () => {
    clearInterval(timer)
    removeEventListener('focus', refresh)
  }
}

export async function loadMoreEvents(): Promise<void> {
  const { next, filter } = useEvents.getState()
  if (next === null) return
  const { items, next_cursor } = await client.events({ limit: 50, cursor: next, ...filter })
  useEvents.setState((state) =>
    state.filter === filter ? { events: [...state.events, ...items], next: next_cursor } : {},
  )
}

/** Replaces an event of the list by the version that its room received. */
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
