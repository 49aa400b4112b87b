import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { getReadPosition, markRead, showEndAsRead } from '../../state/rooms/read-marks.ts'
import { loadNewer, loadOlder, showNewest } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading/reading-place.ts'
import {
  approachAnchor,
  useFollowing,
  useOwnMessages,
  useReadingPlace,
  useRestoredPlace,
  useReturnAfterReset,
} from './reading/use-reading-place.ts'
import { useArrival } from './use-arrival.ts'
import { findPosition, useAreRowsPrepended, useGeneration } from './use-list-changes.ts'

const AT_BOTTOM_PX = 40
const LOAD_MORE_PX = 800
/** Shows a linked row this far below the upper edge, so that the rows above it are visible as well. */
const LINKED_ROW_OFFSET_PX = 120

interface Options {
  list: RefObject<VListHandle | null>
  box: RefObject<HTMLDivElement | null>
  rows: TimelineRow[]
  user_id: string
  event_id: string
  /** Says whether the URL names a message. The list then begins at that message. */
  hasTarget: boolean
  /** Says whether the list shows a range of older messages, and not the newest ones. */
  showsHistory: boolean
  /** Holds `UnreadLine.placementCount`. */
  placementCount: number
  /** Says whether the filter hides unread messages. The room then does not count as read up to its end. */
  hidesUnread: boolean
}

/**
 * Keeps the reader's place. Only for a reader at the bottom does the list scroll to new rows. For all other readers,
 * the visible rows do not move when rows arrive below or above, or when an answer grows.
 */
export function useScrollPosition(options: Options) {
  const { list, box, rows, event_id, hasTarget, showsHistory, placementCount } = options
  const generation = useGeneration(rows)
  const { readingPlace, renderedRows } = useReadingPlace(box, rows, generation, hasTarget)
  const end = useEnd(readingPlace, options)
  const { reachEnd, leaveEnd } = end

  const restorePlace = useCallback(() => {
    if (!readingPlace.restore()) approachAnchor(readingPlace, list.current, renderedRows.current)
    if (!readingPlace.followsEnd && !showsHistory && readingPlace.isEndVisible) reachEnd()
  }, [readingPlace, list, renderedRows, showsHistory, reachEnd])

  const goTo = useCallback(
    (index: number, offset = LINKED_ROW_OFFSET_PX) => {
      const key = rows[index]?.key
      if (key === undefined) return
      leaveEnd()
      readingPlace.goTo({ key, offset }, list.current?.getItemOffset(index) ?? 0)
    },
    [readingPlace, list, rows, leaveEnd],
  )

  const scrollToBottom = () => {
    readingPlace.followsEnd = true
    showNewest(event_id)
    restorePlace()
    if (!showsHistory) reachEnd()
  }

  useFollowing(readingPlace, rows, () => leaveEnd({ hasStopped: true }))
  useReturnAfterReset(readingPlace, renderedRows, event_id)
  useOwnMessages(readingPlace, event_id)
  useArrival({ list, rows, showsHistory, hasTarget, placementCount, readingPlace, reachEnd, goTo })
  useRestoredPlace(readingPlace, rows, restorePlace)

  return {
    readingPlace,
    shift: useAreRowsPrepended(rows),
    generation,
    onScroll: useScrollHandler(readingPlace, end, options),
    restorePlace,
    scrollToBottom,
    goTo,
    seenPosition: end.seenPosition,
    isAway: end.isAway || showsHistory,
    hasStopped: end.hasStopped,
  }
}

/** Tracks whether the reader is at the room's end, where every message counts as read. */
function useEnd(readingPlace: ReadingPlace, { rows, user_id, event_id, showsHistory, hidesUnread }: Options) {
  const [seenPosition, setSeenPosition] = useState(() => getReadPosition(user_id, event_id))
  const [isAway, setIsAway] = useState(false)
  const [hasStopped, setHasStopped] = useState(false)
  const newestPosition = findPosition(rows, rows.length - 1)
  const reachEnd = useCallback(() => {
    readingPlace.followsEnd = true
    setIsAway(false)
    setHasStopped(false)
    setSeenPosition(newestPosition)
    if (document.visibilityState === 'visible' && !hidesUnread) markRead(user_id, event_id, newestPosition)
  }, [readingPlace, newestPosition, user_id, event_id, hidesUnread])
  /**
   * `hasStopped` is true if the list has stopped following an answer, and false if the reader has scrolled up.
   * `seesAnswer` is true if the reader still sees a part of that answer.
   */
  const leaveEnd = useCallback(({ hasStopped = false, seesAnswer = false } = {}) => {
    setIsAway(true)
    setHasStopped((had) => hasStopped || (had && seesAnswer))
  }, [])
  useEndShownAsRead(event_id, !isAway && !showsHistory && !hidesUnread)
  return { seenPosition, isAway, hasStopped, reachEnd, leaveEnd }
}

/** Shows the room as read in the list of events while the reader sees the room's end. */
function useEndShownAsRead(event_id: string, seesEnd: boolean): void {
  useEffect(() => (seesEnd ? showEndAsRead(event_id) : undefined), [event_id, seesEnd])
}

/**
 * Returns the handler of scroll events. It detects whether the reader has scrolled, and loads rows before they come
 * into view.
 */
function useScrollHandler(
  readingPlace: ReadingPlace,
  { reachEnd, leaveEnd }: Pick<ReturnType<typeof useEnd>, 'reachEnd' | 'leaveEnd'>,
  { list, rows, event_id, showsHistory }: Options,
) {
  const lastOffset = useRef(0)
  return useCallback(
    (offset: number) => {
      const hasReaderScrolled = readingPlace.handleScroll()
      const isUp = offset < lastOffset.current - 1
      const hiddenBelowPx = getHiddenBelowPx(list.current, offset)
      lastOffset.current = offset
      if (hiddenBelowPx < AT_BOTTOM_PX && !showsHistory && (hasReaderScrolled || readingPlace.followsEnd)) reachEnd()
      else if (isUp && hasReaderScrolled) {
        readingPlace.followsEnd = false
        leaveEnd({ seesAnswer: isLastVisible(list.current, offset, rows.length) })
      }
      loadAround(event_id, {
        abovePx: readingPlace.followsEnd ? null : offset,
        belowPx: showsHistory ? hiddenBelowPx : null,
      })
    },
    [readingPlace, reachEnd, leaveEnd, list, rows, event_id, showsHistory],
  )
}

const isLastVisible = (list: VListHandle | null, offset: number, rowCount: number): boolean =>
  list !== null && list.getItemOffset(rowCount - 1) < offset + list.viewportSize

/** Returns the pixels of rows that lie below the visible part. */
const getHiddenBelowPx = (list: VListHandle | null, offset: number): number =>
  list ? list.scrollSize - list.viewportSize - offset : -offset

/** Loads more rows once the reader is near to the first or the last loaded one. */
function loadAround(event_id: string, { abovePx, belowPx }: { abovePx: number | null; belowPx: number | null }): void {
  if (belowPx !== null && belowPx < LOAD_MORE_PX) void loadNewer(event_id).catch(() => {})
  if (abovePx !== null && abovePx < LOAD_MORE_PX) void loadOlder(event_id).catch(() => {})
}
