import { type EventFilter, matchesEventFilter } from '@engineer-chat/protocol'
import type { ListItem } from './urgency.ts'

export interface ListFilter {
  /** Holds the text that is searched for in names and ids. */
  text: string
  fields: EventFilter
  /** Says whether only the events that concern the reader are kept. */
  isMineOnly: boolean
}

/** Describes the reader. `hasWrittenInRoom` says whether they have written in the event's room from this browser. */
export interface Reader {
  user_id: string
  hasWrittenInRoom(event_id: string): boolean
}

export const isFiltering = ({ text, fields, isMineOnly }: ListFilter): boolean =>
  text.trim() !== '' || isMineOnly || Object.values(fields).some((value) => value !== undefined)

export function filterList(items: readonly ListItem[], filter: ListFilter, reader: Reader): ListItem[] {
  const text = filter.text.trim().toLowerCase()
  return items.filter(
    (item) =>
      matchesEventFilter(item, filter.fields) &&
      `${item.event_name} ${item.event_id}`.toLowerCase().includes(text) &&
      (!filter.isMineOnly || concernsReader(item, reader)),
  )
}

/** Returns true if the reader created the event, wrote in it, or is mentioned in an unread message of it. */
const concernsReader = (
  { event_id, created_by, mentions = 0 }: ListItem,
  { user_id, hasWrittenInRoom }: Reader,
): boolean => created_by === user_id || mentions > 0 || hasWrittenInRoom(event_id)
