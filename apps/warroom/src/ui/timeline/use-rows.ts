import { useMemo } from 'react'
import { useOutbox } from '../../state/asking/outbox.ts'
import { useSettings } from '../../state/page/settings.ts'
import { countHidden, type HiddenCounts } from '../../state/rooms/hidden-messages.ts'
import { getReadPosition } from '../../state/rooms/read-marks.ts'
import { matchesFilter, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { addReportAndStartRows, type TimelineRow, toTimelineRows } from '../../state/rooms/timeline-rows.ts'
import type { UnreadLine } from './use-unread-line.ts'

/** Lists the loaded rows that match the room's filter, and counts the hidden messages. */
export function useRows(
  user_id: string,
  event_id: string,
  unreadLine: UnreadLine,
): { rows: TimelineRow[]; hiddenCounts: HiddenCounts } {
  const messages = useRoom(event_id, (room) => room.messages)
  const hasOlder = useRoom(event_id, ({ olderRange, hasOlder }) => (olderRange ? olderRange.hasOlder : hasOlder))
  const event = useRoom(event_id, (room) => room.event)
  const filter = useRoomFilter(event_id)
  const unsentMessages = useOutbox(({ items }) => items)
  const clock = useSettings((settings) => settings.clock)
  const localZone = useSettings((settings) => settings.localZone)
  const range = useShownRange(event_id)
  const rows = useMemo(() => {
    const messageRows = toTimelineRows({
      messages,
      user_id,
      clock,
      localZone,
      hasOlder,
      linePosition: unreadLine.position,
      oldestUnreadPage: unreadLine.oldestUnreadPage,
      unsent: unsentMessages.filter((unsent) => unsent.event_id === event_id),
      range,
      // All pins are loaded when the room is opened, however old they are.
      showsOutOfRange: filter === 'pinned',
      showsRoundRows: filter !== 'pinned',
      isShown: (message) => matchesFilter(filter, message),
    })
    if (event && !hasOlder && filter === 'all') return addReportAndStartRows(messageRows, event)
    const hasMore = hasOlder && filter !== 'pinned'
    const isEmpty = messageRows.length === 0
    if (filter === 'all' || !(hasMore || isEmpty)) return messageRows
    return [{ kind: 'filtered' as const, key: `filtered-${range?.first}`, hasMore, isEmpty }, ...messageRows]
  }, [messages, unsentMessages, user_id, clock, localZone, unreadLine, range, hasOlder, event, event_id, filter])
  const hiddenCounts = useMemo(
    () => countHidden(messages, { filter, range, user_id, readPosition: getReadPosition(user_id, event_id) ?? 0 }),
    [messages, filter, range, user_id, event_id],
  )
  return { rows, hiddenCounts }
}

/** Returns the positions of the first and the last row that the list may show, or null while no row is loaded. */
function useShownRange(event_id: string): { first: number; last: number } | null {
  const first = useRoom(event_id, ({ olderRange, newestRangeStart }) =>
    olderRange ? olderRange.first : newestRangeStart,
  )
  const last = useRoom(event_id, ({ olderRange }) => olderRange?.last ?? Number.POSITIVE_INFINITY)
  return useMemo(() => (first === null ? null : { first, last }), [first, last])
}
