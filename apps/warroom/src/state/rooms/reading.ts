import type { ListItem } from '../events/urgency.ts'

let openEventId: string | null = null
const markedIds = new Set<string>()

/** Says which room's end the reader sees, or null if there is none. */
export function setOpenEnd(event_id: string | null): void {
  openEventId = event_id
}

/** Returns true while the reader sees the room's end: what comes there is read at once. */
export const isEndInView = (event_id: string): boolean =>
  event_id === openEventId && document.visibilityState === 'visible'

const isBeingRead = (event_id: string): boolean => markedIds.has(event_id) || isEndInView(event_id)

/** Until the returned function is called, the server may not yet have the read mark of this event. */
export function beginMark(event_id: string): () => void {
  markedIds.add(event_id)
  return () => markedIds.delete(event_id)
}

/** Removes the counts of what is being read, because the server counts it until it has the read mark. */
export function withoutRead<Item extends Pick<ListItem, 'event_id' | 'unread' | 'mentions' | 'read_position'>>(
  item: Item,
): Item {
  if (!isBeingRead(item.event_id) || !(hasCounts(item) || item.read_position === null)) return item
  return { ...item, unread: 0, mentions: 0, read_position: item.read_position ?? 0 }
}

export const hasCounts = ({ unread = 0, mentions = 0 }: Pick<ListItem, 'unread' | 'mentions'>): boolean =>
  unread > 0 || mentions > 0
