import { type Event, type InboxCounts, SEVERITIES } from '@engineer-chat/protocol'

/** Is an event of the list. A node of an older version sends no counts. */
export type ListItem = Event & Partial<InboxCounts>

export interface EventGroups {
  active: readonly ListItem[]
  closed: readonly ListItem[]
}

const isActive = ({ event_status }: ListItem): boolean => event_status !== 'closed'

/**
 * Sorts the events and parts the active from the closed ones. `held` are the groups that a reader points at: what they
 * hold stays in its place, and other events come after it.
 */
export function groupByUrgency(items: readonly ListItem[], held?: EventGroups): EventGroups {
  const sorted = items.toSorted(compareByUrgency)
  const heldActive = toRanks(held?.active)
  const heldClosed = toRanks(held?.closed)
  const isInActive = (item: ListItem) =>
    heldActive.has(item.event_id) || (!heldClosed.has(item.event_id) && isActive(item))
  return {
    active: keepOrder(sorted.filter(isInActive), heldActive),
    closed: keepOrder(
      sorted.filter((item) => !isInActive(item)),
      heldClosed,
    ),
  }
}

/** Puts the reader's mentions first, then the higher severity, then the latest activity. */
function compareByUrgency(a: ListItem, b: ListItem): number {
  return (
    Number(isMentioned(b)) - Number(isMentioned(a)) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    getLastActivity(b).localeCompare(getLastActivity(a)) ||
    a.event_id.localeCompare(b.event_id)
  )
}

const isMentioned = ({ mentions = 0 }: ListItem): boolean => mentions > 0

const getLastActivity = ({ last_activity_at, updated_at }: ListItem): string => last_activity_at ?? updated_at

const toRanks = (items: readonly ListItem[] = []): Map<string, number> =>
  new Map(items.map(({ event_id }, index) => [event_id, index]))

function keepOrder(items: readonly ListItem[], ranks: Map<string, number>): ListItem[] {
  const getRank = ({ event_id }: ListItem) => ranks.get(event_id) ?? ranks.size
  return items.toSorted((a, b) => getRank(a) - getRank(b))
}
