import { type Event, type InboxCounts, SEVERITIES } from '@engineer-chat/protocol'

/** Describes an event of the list. A node of an older version sends no counts. */
export type ListItem = Event & Partial<InboxCounts>

export interface EventGroups {
  active: readonly ListItem[]
  closed: readonly ListItem[]
}

const isActive = ({ event_status }: ListItem): boolean => event_status !== 'closed'

/**
 * Sorts the events and separates active from closed ones. Events in `keptGroups` keep their group and their order,
 * because the reader may be about to click one of them. Other events come after them.
 */
export function groupByUrgency(items: readonly ListItem[], keptGroups?: EventGroups): EventGroups {
  const sorted = items.toSorted(compareByUrgency)
  const keptActiveRanks = toRanks(keptGroups?.active)
  const keptClosedRanks = toRanks(keptGroups?.closed)
  const belongsToActive = (item: ListItem) =>
    keptActiveRanks.has(item.event_id) || (!keptClosedRanks.has(item.event_id) && isActive(item))
  return {
    active: keepOrder(sorted.filter(belongsToActive), keptActiveRanks),
    closed: keepOrder(
      sorted.filter((item) => !belongsToActive(item)),
      keptClosedRanks,
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

/** Sorts the events by their ranks. Events without a rank come last, in their present order. */
function keepOrder(items: readonly ListItem[], ranks: Map<string, number>): ListItem[] {
  const getRank = ({ event_id }: ListItem) => ranks.get(event_id) ?? ranks.size
  return items.toSorted((a, b) => getRank(a) - getRank(b))
}
