import type { CreateEvent, Event, EventFilter } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

interface Events {
  events: readonly Event[]
  nextCursor: string | null
  isLoaded: boolean
  filter: EventFilter
}

export const useEvents = create<Events>(() => ({ events: [], nextCursor: null, isLoaded: false, filter: {} }))

export async function loadEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items, next_cursor } = await client.listEvents({ limit: 50, ...filter })
  // A filter that was chosen meanwhile loads its own list.
  if (useEvents.getState().filter === filter)
    useEvents.setState({ events: items, nextCursor: next_cursor, isLoaded: true })
}

/** Shows the events that match the filter. The former list stays until the new one has loaded. */
export function filterEvents(filter: EventFilter): void {
  useEvents.setState({ filter })
  void loadEvents().catch(() => {})
}

/** Merges new and changed events into the list, and keeps its further pages. */
async function refreshEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items } = await client.listEvents({ limit: 50, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) => {
    if (newestFilter !== filter) return {}
    const eventsById = new Map(events.map((event) => [event.event_id, event]))
    const firstPage = items.map((item) => {
      const current = eventsById.get(item.event_id)
      return current && current.seq > item.seq ? current : item
    })
    const ids = new Set(firstPage.map(({ event_id }) => event_id))
    return { events: [...firstPage, ...events.filter(({ event_id }) => !ids.has(event_id))] }
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
  const { nextCursor, filter } = useEvents.getState()
  if (nextCursor === null) return
  const { items, next_cursor } = await client.listEvents({ limit: 50, cursor: nextCursor, ...filter })
  useEvents.setState((state) =>
    state.filter === filter ? { events: [...state.events, ...items], nextCursor: next_cursor } : {},
  )
}

/** Replaces an event of the list by the version that its room received. */
export function putEvent(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((current) =>
      current.event_id === event.event_id && event.seq >= current.seq ? event : current,
    ),
  }))
}

export async function openEvent(event: CreateEvent): Promise<Event> {
  const created = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: [created, ...events] }))
  return created
}
