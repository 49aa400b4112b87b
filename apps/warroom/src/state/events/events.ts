import type { CreateEvent, Event, EventFilter, Inbox } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'
import { hasCounts, withoutRead } from '../rooms/reading.ts'
import type { ListItem } from './urgency.ts'

interface Events {
  events: readonly ListItem[]
  nextCursor: string | null
  isLoaded: boolean
  filter: EventFilter
  isMineOnly: boolean
}

const PAGE_SIZE = 50

export const useEvents = create<Events>(() => ({
  events: [],
  nextCursor: null,
  isLoaded: false,
  filter: {},
  isMineOnly: false,
}))

export async function loadEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  // A filter that was chosen meanwhile loads its own list.
  if (useEvents.getState().filter === filter)
    useEvents.setState({ events: items.map(withoutRead), nextCursor: next_cursor, isLoaded: true })
}

/** Shows the events that match the filter. The former list stays until the new one has loaded. */
export function filterEvents(filter: EventFilter): void {
  useEvents.setState({ filter })
  void loadEvents().catch(() => {})
}

export const showMineOnly = (isMineOnly: boolean): void => useEvents.setState({ isMineOnly })

/** Merges new and changed events into the list, and keeps its further pages. */
export async function refreshEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const { items } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) => {
    if (newestFilter !== filter) return {}
    const eventsById = new Map(events.map((event) => [event.event_id, event]))
    const firstPage = items.map((item) => mergeListed(eventsById.get(item.event_id), item))
    const ids = new Set(firstPage.map(({ event_id }) => event_id))
    return { events: [...firstPage, ...events.filter(({ event_id }) => !ids.has(event_id))] }
  })
}

/** Takes the counts of the listed event, and its other fields unless a room has received newer ones. */
function mergeListed(current: ListItem | undefined, listed: ListItem): ListItem {
  const item = withoutRead(listed)
  if (!current || current.seq <= item.seq) return item
  const { unread = 0, mentions = 0, muted = false, read_position, last_activity_at = item.updated_at } = item
  const mark = read_position === undefined ? {} : { read_position }
  return { ...current, unread, mentions, muted, ...mark, last_activity_at }
}

export async function loadMoreEvents(): Promise<void> {
  const { nextCursor, filter } = useEvents.getState()
  if (nextCursor === null) return
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, cursor: nextCursor, ...filter })
  useEvents.setState((state) =>
    state.filter === filter
      ? { events: addMissing(state.events, items.map(withoutRead)), nextCursor: next_cursor }
      : {},
  )
}

function addMissing(events: readonly ListItem[], added: readonly ListItem[]): ListItem[] {
  const ids = new Set(events.map(({ event_id }) => event_id))
  return [...events, ...added.filter(({ event_id }) => !ids.has(event_id))]
}

/** Replaces an event of the list by the version that its room received. */
export function putEvent(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((current) =>
      current.event_id === event.event_id && event.seq >= current.seq ? { ...current, ...event } : current,
    ),
  }))
}

/** Puts the counts of an `inbox` frame into the list. Returns the frame's items that the list does not have. */
export function applyInbox({ events: items, removed = [] }: Inbox): Inbox['events'] {
  const itemsById = new Map(items.map((item) => [item.event_id, withoutRead(item)]))
  useEvents.setState(({ events }) => ({
    events: events
      .filter(({ event_id }) => !removed.includes(event_id))
      .map((event) => {
        const item = itemsById.get(event.event_id)
        return item ? { ...event, ...item } : event
      }),
  }))
  const ids = new Set(useEvents.getState().events.map(({ event_id }) => event_id))
  return items.filter(({ event_id }) => !ids.has(event_id))
}

/** Adds an event that the list does not have. */
export const addEvent = (event: ListItem): void =>
  useEvents.setState(({ events }) => ({ events: addMissing([withoutRead(event)], events) }))

/** Says in the list that the reader has read the event to its end, which has this position. */
export const setReadToEnd = (event_id: string, position: number): void =>
  useEvents.setState(({ events }) => ({
    events: events.map((event) =>
      event.event_id === event_id && (hasCounts(event) || (event.read_position ?? -1) < position)
        ? { ...event, unread: 0, mentions: 0, read_position: position }
        : event,
    ),
  }))

/** Returns how far the reader has read on any device: null if nowhere, and undefined if the list does not say it. */
export const findReadPosition = (event_id: string): number | null | undefined =>
  useEvents.getState().events.find((event) => event.event_id === event_id)?.read_position

/** Mutes the event for this person on all devices, or ends that. */
export async function setMuted(event_id: string, muted: boolean): Promise<void> {
  await client.putNotifications(event_id, { muted })
  useEvents.setState(({ events }) => ({
    events: events.map((event) => (event.event_id === event_id ? { ...event, muted } : event)),
  }))
}

/** Returns true if the list counts something unread in the event, or says that the reader has never opened it. */
export const hasWaiting = (event_id: string): boolean =>
  useEvents
    .getState()
    .events.some((event) => event.event_id === event_id && (hasCounts(event) || event.read_position === null))

export async function openEvent(event: CreateEvent): Promise<Event> {
  const created = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: addMissing([created], events) }))
  return created
}
