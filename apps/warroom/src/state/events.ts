import type { CreateEvent, Event } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from './session.ts'

export const useEvents = create<{ events: readonly Event[]; next: string | null; loaded: boolean }>(() => ({
  events: [],
  next: null,
  loaded: false,
}))

export async function loadEvents(): Promise<void> {
  const { items, next_cursor } = await client.events({ limit: 50 })
  useEvents.setState({ events: items, next: next_cursor, loaded: true })
}

export async function loadMoreEvents(): Promise<void> {
  const { next } = useEvents.getState()
  if (next === null) return
  const { items, next_cursor } = await client.events({ limit: 50, cursor: next })
  useEvents.setState(({ events }) => ({ events: [...events, ...items], next: next_cursor }))
}

/** What a room says of its event is newer than the list. */
export function eventChanged(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((one) => (one.event_id === event.event_id && event.seq >= one.seq ? event : one)),
  }))
}

export async function openEvent(event: CreateEvent): Promise<Event> {
  const created = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: [created, ...events] }))
  return created
}
