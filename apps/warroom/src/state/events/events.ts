import { type CreateEvent, type Event, type EventFilter, type Inbox, matchesEventFilter } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
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
/** Holds for each event its last `inbox` frame. The frames are numbered in the order of their arrival. */
const lastFrames = new Map<string, { number: number; isRemoval: boolean }>()

/**
 * Says which events were changed by `inbox` frames since a request began. The response may be older than these frames,
 * and the server does not send them again.
 */
interface InboxWatch {
  /** Returns true if a frame has brought the event's counts, severity and status. */
  hasNewerFields(event_id: string): boolean
  /** Returns true if the reader may no longer enter the event. */
  isRemoved(event_id: string): boolean
}

/** Call this before a request whose response may be older than a frame that arrives meanwhile. */
export function watchInboxFrames(): InboxWatch {
  const countAtStart = inboxFrameCount
  const findNewerFrame = (event_id: string) => {
    const frame = lastFrames.get(event_id)
    return frame && frame.number > countAtStart ? frame : undefined
  }
  return {
    hasNewerFields: (event_id) => findNewerFrame(event_id)?.isRemoval === false,
    isRemoved: (event_id) => findNewerFrame(event_id)?.isRemoval === true,
  }
}

const registerLoad = createLoadOrder()
/** Holds the filter of the list that has loaded last; null until the first list has loaded. */
let loadedFilter: EventFilter | null = null

export async function loadEvents(): Promise<void> {
  const { filter } = useEvents.getState()
  const watch = watchInboxFrames()
  const isNewestResult = registerLoad()
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  // If another filter was chosen since, that filter loads its own list.
  if (useEvents.getState().filter !== filter || !isNewestResult()) return
  loadedFilter = filter
  useEvents.setState(({ events }) => {
    const mergedEvents = mergeFetched(events, items, watch)
    // The response may lack an event that a frame has added. `filterList` hides those that do not match the filter.
    const eventsWithNewerFields = events.filter(({ event_id }) => watch.hasNewerFields(event_id))
    return { events: appendMissing(mergedEvents, eventsWithNewerFields), nextCursor: next_cursor, isLoaded: true }
  })
}

/** Shows the events that match the filter. The previous list stays until the new one has loaded, but not its cursor. */
export function filterEvents(filter: EventFilter): void {
  useEvents.setState({ filter, nextCursor: null })
  void loadEvents().catch(() => {})
}

export const showMineOnly = (isMineOnly: boolean): void => useEvents.setState({ isMineOnly })

/**
 * Merges new and changed events into the list, and keeps the further pages that are already loaded. Removes the events
 * that the server no longer lists: the reader may have lost the right to enter them while no frame could say so.
 */
export async function refreshEvents(): Promise<void> {
  const { filter, events: eventsBefore } = useEvents.getState()
  if (loadedFilter !== filter) return loadEvents() // The load of the list has failed, or has not ended yet.
  const watch = watchInboxFrames()
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, ...filter })
  const endOfPage = next_cursor === null ? undefined : items.at(-1)
  const expectedSeqs = new Map(
    eventsBefore
      .filter((event) => matchesEventFilter(event, filter) && (!endOfPage || event.created_at > endOfPage.created_at))
      .map(({ event_id, seq }) => [event_id, seq]),
  )
  useEvents.setState(({ events, filter: newestFilter }) => {
    if (newestFilter !== filter) return {}
    // The response is older than an event that has changed since the request, so it cannot remove this event.
    const keptEvents = events.filter(
      ({ event_id, seq }) => expectedSeqs.get(event_id) !== seq || watch.hasNewerFields(event_id),
    )
    return { events: appendMissing(mergeFetched(events, items, watch), keptEvents) }
  })
}

/**
 * Returns the fetched events without those that were removed since the request. An event keeps what the page has
 * received since the request began: a newer version of it, or the fields of an `inbox` frame.
 */
function mergeFetched(events: readonly ListItem[], fetched: readonly ListItem[], watch: InboxWatch): ListItem[] {
  const eventsById = new Map(events.map((event) => [event.event_id, event]))
  const readableItems = fetched.filter(({ event_id }) => !watch.isRemoved(event_id))
  return readableItems.map((fetchedItem) => {
    const item = zeroCountsWhileRead(fetchedItem)
    const current = eventsById.get(item.event_id)
    if (!current) return item
    const isOlderVersion = item.seq < current.seq
    if (!watch.hasNewerFields(item.event_id)) return isOlderVersion ? { ...current, ...pickCounts(item) } : item
    if (isOlderVersion) return current
    const { severity, event_status } = current
    return { ...item, ...pickCounts(current), severity, event_status }
  })
}

/** Returns the counts of an event, with defaults for those that a node of an older version does not send. */
function pickCounts({ unread = 0, mentions = 0, muted = false, read_position, ...item }: ListItem) {
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
  const watch = watchInboxFrames()
  const { items, next_cursor } = await client.listEvents({ limit: PAGE_SIZE, cursor: nextCursor, ...filter })
  useEvents.setState(({ events, filter: newestFilter, nextCursor: newestCursor }) =>
    newestFilter === filter && newestCursor === nextCursor
      ? { events: appendMissing(events, mergeFetched(events, items, watch)), nextCursor: next_cursor }
      : {},
  )
}

/** Appends those of the further events that the list does not have. */
function appendMissing(events: readonly ListItem[], further: readonly ListItem[]): ListItem[] {
  const listedIds = new Set(events.map(({ event_id }) => event_id))
  return [...events, ...further.filter(({ event_id }) => !listedIds.has(event_id))]
}

/** Puts an event at the beginning of the list. If the list has an older version of it, removes that version. */
const prependEvent = (events: readonly ListItem[], event: ListItem): ListItem[] => [
  event,
  ...events.filter(({ event_id }) => event_id !== event.event_id),
]

/**
 * Replaces an event of the list by this version, unless the list already has the same or a newer one. If it has the
 * same one, an `inbox` frame may have brought a newer severity or status than this version has.
 */
export function replaceListedEvent(event: Event): void {
  useEvents.setState(({ events }) => ({
    events: events.map((current) =>
      current.event_id === event.event_id && event.seq > current.seq ? { ...current, ...event } : current,
    ),
  }))
}

/**
 * Puts the counts, severities and states of an `inbox` frame into the list, and removes the events that it names in
 * `removed`. Returns the frame's items that the list does not have.
 */
export function applyInbox({ events: items, removed = [] }: Inbox): Inbox['events'] {
  inboxFrameCount += 1
  for (const { event_id } of items) lastFrames.set(event_id, { number: inboxFrameCount, isRemoval: false })
  for (const event_id of removed) lastFrames.set(event_id, { number: inboxFrameCount, isRemoval: true })
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

/**
 * Puts a fetched event at the beginning of the list, unless the reader may no longer enter it. A list that was loaded
 * meanwhile may already have the event.
 */
export const addFetchedEvent = (fetchedEvent: ListItem, watch: InboxWatch): void =>
  useEvents.setState(({ events }) => {
    const [event] = mergeFetched(events, [fetchedEvent], watch)
    return event ? { events: prependEvent(events, event) } : {}
  })

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
  await client.setMuted(event_id, { muted })
  useEvents.setState(({ events }) => ({
    events: events.map((event) => (event.event_id === event_id ? { ...event, muted } : event)),
  }))
}

/** Returns true if the list counts unread messages or mentions in the event, or the reader has never opened it. */
export const mayHaveUnread = (event_id: string): boolean =>
  useEvents
    .getState()
    .events.some((event) => event.event_id === event_id && (hasUnreadOrMentions(event) || event.read_position === null))

export async function createEvent(event: CreateEvent): Promise<Event> {
  const createdEvent = await client.createEvent(event)
  useEvents.setState(({ events }) => ({ events: prependEvent(events, createdEvent) }))
  return createdEvent
}
