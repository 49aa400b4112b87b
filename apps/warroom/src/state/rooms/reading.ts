import type { ListItem } from '../events/urgency.ts'

let eventIdWithEndInView: string | null = null
/** Holds the events whose read marks have not reached the server yet. */
const idsWithPendingMark = new Set<string>()
/** Holds the events whose counts were set to 0, because the reader was reading the room when the counts arrived. */
const idsWithZeroedCounts = new Set<string>()

/** Sets the event whose room end the reader sees; null if the reader sees the end of no room. */
export function setRoomWithEndInView(event_id: string | null): void {
  eventIdWithEndInView = event_id
}

/** Returns true while the reader sees the room's end. New messages then count as read at once. */
export const isEndInView = (event_id: string): boolean =>
  event_id === eventIdWithEndInView && document.visibilityState === 'visible'

const isBeingRead = (event_id: string): boolean => idsWithPendingMark.has(event_id) || isEndInView(event_id)

/** Records that a read mark of this event has not reached the server yet, until the returned function is called. */
export function addPendingMark(event_id: string): () => void {
  idsWithPendingMark.add(event_id)
  return () => idsWithPendingMark.delete(event_id)
}

/**
 * Sets the counts of an event that is being read to 0. The server counts the event's rows as unread until it has
 * received the read mark.
 */
export function zeroCountsWhileRead<Item extends Pick<ListItem, 'event_id' | 'unread' | 'mentions' | 'read_position'>>(
  item: Item,
): Item {
  if (!isBeingRead(item.event_id) || !(hasUnreadOrMentions(item) || item.read_position === null)) return item
  idsWithZeroedCounts.add(item.event_id)
  return { ...item, unread: 0, mentions: 0, read_position: item.read_position ?? 0 }
}

/**
 * Returns true if counts of this event have been set to 0 since the last call that returned true, and the reader no
 * longer reads its room. The server's counts may include rows that the reader has not seen, for example hidden ones, so
 * the list has to ask the server again.
 */
export const clearZeroedCounts = (event_id: string): boolean =>
  !isBeingRead(event_id) && idsWithZeroedCounts.delete(event_id)

export const hasUnreadOrMentions = ({ unread = 0, mentions = 0 }: Pick<ListItem, 'unread' | 'mentions'>): boolean =>
  unread > 0 || mentions > 0
