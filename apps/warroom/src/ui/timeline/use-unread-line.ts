import type { MessagePage } from '@engineer-chat/protocol'
import { useEffect, useMemo, useState } from 'react'
import { findReadPosition, useEvents } from '../../state/events/events.ts'
import { getReadPosition, readHere } from '../../state/rooms/read-marks.ts'
import { isEndInView } from '../../state/rooms/reading.ts'
import { isHidden } from '../../state/rooms/room-filter.ts'
import { getRoom, readPageAfter, useRoom } from '../../state/rooms/rooms.ts'
import { isUnread } from '../../state/rooms/unread.ts'

export interface UnreadLine {
  /** The line is drawn below this position; null draws none. */
  position: number | null
  /** Counts how often the reader came back to a tab in which others had written meanwhile. */
  returnCount: number
  /** Holds the page after the position if the room's loaded rows begin later; null until it has loaded. */
  oldestPage: MessagePage | null
}

/** A row that comes this soon after the room was opened was written before. */
const ARRIVAL_MS = 2_000

type Line = Omit<UnreadLine, 'oldestPage'>

/**
 * Draws the line where the reader had read to, on any device, when the room was opened, or when they last left the tab.
 */
export function useUnreadLine(user_id: string, event_id: string): UnreadLine {
  const [line, setLine] = useState<Line>(() => ({ position: getReadPosition(user_id, event_id), returnCount: 0 }))
  useEffect(() => {
    const onReturn = () => {
      const position = getReadPosition(user_id, event_id)
      if (document.visibilityState !== 'visible' || position === null) return
      const isNew = getRoom(event_id).state.messages.some(
        (message) => message.position > position && isUnread(message, user_id),
      )
      if (isNew) setLine(({ returnCount }) => ({ position, returnCount: returnCount + 1 }))
    }
    document.addEventListener('visibilitychange', onReturn)
    return () => document.removeEventListener('visibilitychange', onReturn)
  }, [user_id, event_id])
  useEffect(() => watchEnd(user_id, event_id, setLine), [user_id, event_id])
  useEffect(() => awaitMark(user_id, event_id, setLine), [user_id, event_id])
  const oldestPage = useOldestPage(event_id, line.position)
  return useMemo(() => ({ ...line, oldestPage }), [line, oldestPage])
}

/**
 * Moves the position on to where the reader has read on another device, if the list of events says that only after the
 * room was opened. A mark of this browser's own, made meanwhile, changes nothing.
 */
function awaitMark(user_id: string, event_id: string, setLine: (update: (line: Line) => Line) => void): () => void {
  if (findReadPosition(event_id) !== undefined) return () => {}
  const stop = useEvents.subscribe(() => {
    const position = findReadPosition(event_id)
    if (position === undefined) return
    stop()
    if (!position || position >= (readHere(user_id, event_id) ?? Number.POSITIVE_INFINITY)) return
    setLine((line) => (position > (line.position ?? -1) ? { position, returnCount: line.returnCount + 1 } : line))
  })
  return stop
}

/**
 * Moves the position on with each row that comes while the reader looks at the room's end, because that is no news. It
 * stays where a line is drawn already, where the filter hides a row, and where several rows come at once, as after a
 * lost connection.
 */
function watchEnd(user_id: string, event_id: string, setLine: (update: (line: Line) => Line) => void): () => void {
  const room = getRoom(event_id)
  const openedAt = performance.now()
  const countUnreadBetween = (first: number, last: number) =>
    room.state.messages.filter(
      (message) => message.position > first && message.position <= last && isUnread(message, user_id),
    ).length
  let newest = room.state.messages.at(-1)?.position ?? 0
  return room.on('change', ({ messages }) => {
    const before = newest
    newest = messages.at(-1)?.position ?? 0
    if (newest <= before || before === 0 || !isEndInView(event_id)) return
    if (messages.some((message) => message.position > before && isHidden(event_id, message))) return
    const unreadCount = countUnreadBetween(before, newest)
    if (unreadCount > 1 || (unreadCount === 1 && performance.now() - openedAt < ARRIVAL_MS)) return
    setLine((line) =>
      line.position === null || countUnreadBetween(line.position, before) > 0 ? line : { ...line, position: newest },
    )
  })
}

/** Reads the oldest unread rows if more came than the room's newest page holds, so that count and time are true. */
function useOldestPage(event_id: string, position: number | null): MessagePage | null {
  const [read, setRead] = useState<{ position: number; page: MessagePage } | null>(null)
  const isMissing = useRoom(
    event_id,
    ({ hasOlder, firstPosition }) =>
      hasOlder && position !== null && firstPosition !== null && firstPosition > position,
  )
  useEffect(() => {
    if (!isMissing || position === null) return
    let isCurrent = true
    readPageAfter(event_id, position).then(
      (page) => isCurrent && setRead({ position, page }),
      () => {}, // The line then says how many are loaded.
    )
    return () => {
      isCurrent = false
    }
  }, [event_id, position, isMissing])
  return read?.position === position ? read.page : null
}
