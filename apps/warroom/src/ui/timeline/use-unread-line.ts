import type { MessagePage } from '@engineer-chat/protocol'
import { useEffect, useMemo, useState } from 'react'
import { findReadPosition, useEvents } from '../../state/events/events.ts'
import { findStoredReadPosition, getReadPosition } from '../../state/rooms/read-marks.ts'
import { isEndInView } from '../../state/rooms/reading.ts'
import { isHidden } from '../../state/rooms/room-filter.ts'
import { getRoom, readPageAfter, useRoom } from '../../state/rooms/rooms.ts'
import { canBeUnread } from '../../state/rooms/unread.ts'

export interface UnreadLine {
  /** The line is drawn below the row with this position, if unread rows follow. If it is null, no line is drawn. */
  position: number | null
  /**
   * Counts how often the line was placed anew: when the reader came back to the tab and found new messages of others,
   * or when another device's read position arrived after the room was opened.
   */
  placementCount: number
  /** Holds the page of messages after the position if the loaded rows begin later; null until the page has loaded. */
  oldestUnreadPage: MessagePage | null
}

/** A row that arrives within this time after the room was opened was probably written before the opening. */
const ARRIVAL_MS = 2_000

/** Holds `UnreadLine` without the page of messages, which is loaded for it. */
type LinePlace = Omit<UnreadLine, 'oldestUnreadPage'>

/**
 * Returns the place of the unread line: below the last row that the reader had read on any device when the room was
 * opened, or when the reader came back to the tab and new messages of others were there.
 */
export function useUnreadLine(user_id: string, event_id: string): UnreadLine {
  const [line, setLine] = useState<LinePlace>(() => ({
    position: getReadPosition(user_id, event_id),
    placementCount: 0,
  }))
  useEffect(() => {
    const handleReturn = () => {
      const position = getReadPosition(user_id, event_id)
      if (document.visibilityState !== 'visible' || position === null) return
      const hasNewMessages = getRoom(event_id).state.messages.some(
        (message) => message.position > position && canBeUnread(message, user_id),
      )
      if (hasNewMessages) setLine(({ placementCount }) => ({ position, placementCount: placementCount + 1 }))
    }
    document.addEventListener('visibilitychange', handleReturn)
    return () => document.removeEventListener('visibilitychange', handleReturn)
  }, [user_id, event_id])
  useEffect(() => watchNewRows(user_id, event_id, setLine), [user_id, event_id])
  useEffect(() => watchReadPosition(user_id, event_id, setLine), [user_id, event_id])
  const oldestUnreadPage = useOldestUnreadPage(event_id, line.position)
  return useMemo(() => ({ ...line, oldestUnreadPage }), [line, oldestUnreadPage])
}

/**
 * Moves the line to the read position of another device, if the list of events arrives after the room was opened. A
 * position at or after this browser's own read mark is ignored. It may be that mark, which this browser has sent, and
 * the line would skip the rows that the reader has read here since the room was opened.
 */
function watchReadPosition(
  user_id: string,
  event_id: string,
  setLine: (update: (line: LinePlace) => LinePlace) => void,
): () => void {
  if (findReadPosition(event_id) !== undefined) return () => {}
  const stop = useEvents.subscribe(() => {
    const position = findReadPosition(event_id)
    if (position === undefined) return
    stop()
    // The position is 0 for an event that was muted and never opened.
    const hasBeenOpened = position !== null && position > 0
    const ownPosition = findStoredReadPosition(user_id, event_id) ?? Number.POSITIVE_INFINITY
    if (!hasBeenOpened || position >= ownPosition) return
    setLine((line) => (position > (line.position ?? -1) ? { position, placementCount: line.placementCount + 1 } : line))
  })
  return stop
}

/**
 * Moves the line below each row that arrives while the reader looks at the room's end, because the reader sees that
 * row. The line stays if unread rows are already below it, because it is then visible. It also stays if the filter
 * hides a row, if several rows of others arrive at once, for example after a lost connection, or if a row of others
 * arrives within `ARRIVAL_MS` after the room was opened.
 */
function watchNewRows(
  user_id: string,
  event_id: string,
  setLine: (update: (line: LinePlace) => LinePlace) => void,
): () => void {
  const room = getRoom(event_id)
  const openedAtMs = performance.now()
  const countUnreadBetween = (afterPosition: number, upToPosition: number) =>
    room.state.messages.filter(
      (message) =>
        message.position > afterPosition && message.position <= upToPosition && canBeUnread(message, user_id),
    ).length
  let newestPosition = room.state.messages.at(-1)?.position ?? 0
  return room.on('change', ({ messages }) => {
    const previousPosition = newestPosition
    newestPosition = messages.at(-1)?.position ?? 0
    if (newestPosition <= previousPosition || previousPosition === 0 || !isEndInView(event_id)) return
    if (messages.some((message) => message.position > previousPosition && isHidden(event_id, message))) return
    const unreadCount = countUnreadBetween(previousPosition, newestPosition)
    if (unreadCount > 1 || (unreadCount === 1 && performance.now() - openedAtMs < ARRIVAL_MS)) return
    setLine((line) =>
      line.position === null || countUnreadBetween(line.position, previousPosition) > 0
        ? line
        : { ...line, position: newestPosition },
    )
  })
}

/** Loads the oldest unread rows if the room has not loaded them, so that the line's count and time are right. */
function useOldestUnreadPage(event_id: string, position: number | null): MessagePage | null {
  const [loadedPage, setLoadedPage] = useState<{ position: number; page: MessagePage } | null>(null)
  const isMissing = useRoom(
    event_id,
    ({ hasOlder, newestRangeStart }) =>
      hasOlder && position !== null && newestRangeStart !== null && newestRangeStart > position,
  )
  useEffect(() => {
    if (!isMissing || position === null) return
    let isCurrent = true
    readPageAfter(event_id, position).then(
      (page) => {
        if (isCurrent) setLoadedPage({ position, page })
      },
      () => {}, // After a failure, the line shows the number of loaded rows.
    )
    return () => {
      isCurrent = false
    }
  }, [event_id, position, isMissing])
  return loadedPage?.position === position ? loadedPage.page : null
}
