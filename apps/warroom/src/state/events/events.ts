import type { CreateEvent, Event, EventFilter, Inbox } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'
import { hasUnreadOrMentions, zeroCountsWhileRead } from '../rooms/reading.ts'
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

let inboxFrameCount = 0
/** Holds for each event the number of its last `inbox` frame. The frames are numbered in the order of their arrival. */
const lastFrameNumbers = new Map<string, number>()

/**
 * Returns a function that says whether an `inbox` frame of an event has arrived since this call. A list that was
 * requested before the frame may have older counts, and no other frame would repeat the newer ones.
 */
function watchInboxFrames(): (event_id: string) => boolean {
  const countAtStart = inboxFrameCount
  return (event_id) => (lastFrameNumbers.get(event_id) ?? 0) > countAtStart
}

export async function loadEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const hasNewerCounts = watchInboxFrames()
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) =>
    // If another filter was chosen since, that filter loads its own list.
    newestFilter === filter
      ? { events: mergeListed(events, items, hasNewerCounts), nextCursor: next_cursor, isLoaded: true }
      : {},
  )
}

/** Shows the events that match the filter. The former list stays until the new one has loaded. */
export function filterEvents(filter: EventFilter): void {
  useEvents.setState({ filter })
  void loadEvents().catch(() => {})
}

export const showMineOnly = (isMineOnly: boolean): void => useEvents.setState({ isMineOnly })

/** Merges new and changed events into the list, and keeps the further pages that are already loaded. */
export async function refreshEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const hasNewerCounts = watchInboxFrames()
  const { items } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) => {
    if (newestFilter !== filter) return {}
    const firstPage = mergeListed(events, items, hasNewerCounts)
    const firstPageIds = new Set(firstPage.map(({ event_id }) => event_id))
    return { events: [...firstPage, ...events.filter(({ event_id }) => !firstPageIds.has(event_id))] }
  })
}

/**
 * Returns the listed events. If the page has received newer fields or newer counts of an event since the request, the
 * event keeps them.
 */
function mergeListed(
  events: readonly ListItem[],
  listed: readonly ListItem[],
  hasNewerCounts: (event_id: string) => boolean,
): ListItem[] {
  const eventsById = new Map(events.map((event) => [event.event_id, event]))
  return listed.map((listedItem) => {
    const item = zeroCountsWhileRead(listedItem)
    const current = eventsById.get(item.event_id)
    if (!current) return item
    const itemWithNewerFields = current.seq > item.seq ? current : item
    const itemWithNewerCounts = hasNewerCounts(item.event_id) ? current : item
    return itemWithNewerFields === itemWithNewerCounts
      ? itemWithNewerFields
      : { ...itemWithNewerFields, ...pickInboxFields(itemWithNewerCounts) }
  })
}

/** Returns the fields of an `inbox` frame, with defaults for those that a node of an older version does not send. */
function pickInboxFields({ unread = 0, mentions = 0, muted = false, read_position, ...item }: ListItem) {
  return {
    unread,
    mentions,
    muted,
    ...(read_position !== undefined && { read_position }),
    last_activity_at: item.last_activity_at ?? item.updated_at,
  }
}

export async function loadMoreEvents(): Promise<void> {
  const { nextCursor, filter } = useEvents.getState()
  if (nextCursor === null) return
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, cursor: nextCursor, ...filter })
  useEvents.setState(({ events, filter: newestFilter }) =>
    newestFilter === filter
      ? { events: appendMissing(events, items.map(zeroCountsWhileRead)), nextCursor: next_cursor }
      : {},
  )
}

/** Appends those further events that the list does not have. */
function appendMissing(events: readonly ListItem[], further: readonly ListItem[]): ListItem[] {
  const listedIds = new Set(events.map(({ event_id }) => event_id))
  return [...events, ...further.filter(({ event_id }) => !listedIds.has(event_id))]
}

/** Puts an event at the beginning of the list. If the list has an older version of it, removes that version. */
const prependEvent = (events: readonly ListItem[], event: ListItem): ListItem[] => [
  event,
  ...events.filter(({ event_id }) => event_id !== event.event_id),
]

/** Replaces an event of the list by the version that its room received. */
export function replaceListedEvent(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((current) =>
      current.event_id === event.event_id && event.seq >= current.seq ? { ...current, ...event } : current,
    ),
  }))
}

/** Puts the counts of an `inbox` frame into the list. Returns the frame's items that the list does not have. */
export function applyInbox({ events: items, removed = [] }: Inbox): Inbox['events'] {
  inboxFrameCount += 1
  for (const { event_id } of items) lastFrameNumbers.set(event_id, inboxFrameCount)
  const itemsById = new Map(items.map((item) => [item.event_id, zeroCountsWhileRead(item)]))
  useEvents.setState(({ events }) => ({
    events: events
      .filter(({ event_id }) => !removed.includes(event_id))
      .map((event) => {
        const item = itemsById.get(event.event_id)
        return item ? { ...event, ...item } : event
      }),
  }))
  const listedIds = new Set(useEvents.getState().events.map(({ event_id }) => event_id))
  return items.filter(({ event_id }) => !listedIds.has(event_id))
}

/** Puts an event that the list does not have at the beginning of the list. */
export const addListedEvent = (event: ListItem): void =>
  useEvents.setState(({ events }) => ({ events: prependEvent(events, zeroCountsWhileRead(event)) }))

/** Records in the list that the reader has read the event up to its last row, which has this position. */
export const setListedAsRead = (event_id: string, position: number): void =>
  useEvents.setState(({ events }) => ({
    events: events.map((event) =>
      event.event_id === event_id && (hasUnreadOrMentions(event) || (event.read_position ?? -1) < position)
        ? { ...event, unread: 0, mentions: 0, read_position: position }
        : event,
    ),
  }))

/**
 * Returns the position up to which the reader has read on any device. Returns null if the reader has never opened the
 * event, and undefined if the list has no read position.
 */
export const findReadPosition = (event_id: string): number | null | undefined =>
  useEvents.getState().events.find((event) => event.event_id === event_id)?.read_position

/** Mutes or unmutes the event for this person on all devices. */
export async function setMuted(event_id: string, muted: boolean): Promise<void> {
  await client.putNotifications(event_id, { muted })
  useEvents.setState(({ events }) => ({
    events: events.map((event) => (event.event_id === event_id ? { ...event, muted } : event)),
  }))
}

/** Returns true if the list counts something unread in the event, or says that the reader has never opened it. */
export const mayHaveUnread = (event_id: string): boolean =>
  useEvents
    .getState()
    .events.some((event) => event.event_id === event_id && (hasUnreadOrMentions(event) || event.read_position === null))

export async function createEvent(event: CreateEvent): Promise<Event> {
  const createdEvent = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: prependEvent(events, createdEvent) }))
  return createdEvent
}
