import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { getReadPosition, markRead, showEndAsRead } from '../../state/rooms/read-marks.ts'
import { loadNewer, loadOlder, showNewest } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading/reading-place.ts'
import {
  approachAnchor,
  useEndAfterSending,
  useFollowGrowingAnswer,
  useReadingPlace,
  useRestoredPlace,
  useReturnAfterReset,
} from './reading/use-reading-place.ts'
import { findLastPosition, useAreRowsPrepended, useGeneration } from './use-list-changes.ts'
import { useScrollToUnreadLine } from './use-scroll-to-unread-line.ts'

/** A reader who is less than this far from the end counts as at the end. */
const AT_END_PX = 40
/** More rows are loaded when fewer pixels of rows than this remain outside the view. */
const LOAD_MORE_PX = 800
/** Shows a linked row this far below the upper edge, so that the rows above it are visible as well. */
const LINKED_ROW_OFFSET_PX = 120
/** Browsers round scroll positions, so a difference of at most this does not count as scrolling. */
const ROUNDING_PX = 1

interface Options {
  list: RefObject<VListHandle | null>
  container: RefObject<HTMLDivElement | null>
  rows: TimelineRow[]
  user_id: string
  event_id: string
  /** Says whether the URL names a message. The list then opens at that message, and not at the end. */
  hasTarget: boolean
  /** Says whether the list shows a range of older messages, and not the newest ones. */
  showsHistory: boolean
  /** Counts how often the unread line was placed anew (`UnreadLine.placementCount`). */
  placementCount: number
  /** Says whether the filter hides unread messages. The room then does not count as read up to its end. */
  hidesUnread: boolean
}

/**
 * Keeps the reader's place. The list scrolls to new rows only for a reader at the end. For all other readers, the
 * visible rows do not move when rows arrive below or above, or when an answer grows.
 */
export function useScrollPosition(options: Options) {
  const { list, container, rows, event_id, hasTarget, showsHistory, placementCount } = options
  // The generation changes when all messages are replaced. The list then forgets its measured sizes.
  const generation = useGeneration(rows)
  const { readingPlace, renderedRows } = useReadingPlace(container, rows, generation, hasTarget)
  const end = useEnd(readingPlace, options)
  const { reachEnd, leaveEnd } = end

  const restorePlace = useCallback(() => {
    if (!readingPlace.restore()) approachAnchor(readingPlace, list.current, renderedRows.current)
    if (!readingPlace.followsEnd && !showsHistory && readingPlace.isEndVisible) reachEnd()
  }, [readingPlace, list, renderedRows, showsHistory, reachEnd])

  const goTo = useCallback(
    (index: number, offsetPx = LINKED_ROW_OFFSET_PX) => {
      const key = rows[index]?.key
      if (key === undefined) return
      leaveEnd()
      readingPlace.goTo({ key, offsetPx }, list.current?.getItemOffset(index) ?? 0)
    },
    [readingPlace, list, rows, leaveEnd],
  )

  const scrollToEnd = () => {
    readingPlace.followsEnd = true
    showNewest(event_id)
    restorePlace()
    // From a range of older messages, `useScrollToUnreadLine` reaches the end as soon as the newest rows are shown.
    if (!showsHistory) reachEnd()
  }

  useFollowGrowingAnswer(readingPlace, rows, () => leaveEnd({ stopsFollowing: true }))
  useReturnAfterReset(readingPlace, renderedRows, event_id)
  useEndAfterSending(readingPlace, event_id)
  useScrollToUnreadLine({ list, rows, showsHistory, hasTarget, placementCount, readingPlace, reachEnd, goTo })
  useRestoredPlace(readingPlace, rows, restorePlace)

  return {
    readingPlace,
    areRowsPrepended: useAreRowsPrepended(rows),
    generation,
    onScroll: useScrollHandler(readingPlace, end, options),
    restorePlace,
    scrollToEnd,
    goTo,
    newestPositionAtEnd: end.newestPositionAtEnd,
    hasLeftEnd: end.hasLeftEnd || showsHistory,
    hasStoppedFollowing: end.hasStoppedFollowing,
  }
}

/** Tracks whether the reader is at the end of the list, where every message counts as read. */
function useEnd(readingPlace: ReadingPlace, { rows, user_id, event_id, showsHistory, hidesUnread }: Options) {
  /**
   * Holds the position of the newest message when the reader was last at the end. New messages are counted from here.
   * Before the first time, it is the read position.
   */
  const [newestPositionAtEnd, setNewestPositionAtEnd] = useState(() => getReadPosition(user_id, event_id))
  const [hasLeftEnd, setHasLeftEnd] = useState(false)
  const [hasStoppedFollowing, setHasStoppedFollowing] = useState(false)
  const newestPosition = findLastPosition(rows)
  const reachEnd = useCallback(() => {
    readingPlace.followsEnd = true
    setHasLeftEnd(false)
    setHasStoppedFollowing(false)
    setNewestPositionAtEnd(newestPosition)
    if (document.visibilityState === 'visible' && !hidesUnread) markRead(user_id, event_id, newestPosition)
  }, [readingPlace, newestPosition, user_id, event_id, hidesUnread])
  /**
   * Is called when the list itself stops following a growing answer (`stopsFollowing`), when the reader scrolls up, and
   * when `goTo` shows a row. After a stop, `hasStoppedFollowing` stays true while the reader scrolls but still sees a
   * part of the answer (`seesAnswer`).
   */
  const leaveEnd = useCallback(({ stopsFollowing = false, seesAnswer = false } = {}) => {
    setHasLeftEnd(true)
    setHasStoppedFollowing((hadStopped) => stopsFollowing || (hadStopped && seesAnswer))
  }, [])
  useEndShownAsRead(event_id, !hasLeftEnd && !showsHistory && !hidesUnread)
  return { newestPositionAtEnd, hasLeftEnd, hasStoppedFollowing, reachEnd, leaveEnd }
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
  const lastTopPx = useRef(0)
  return useCallback(
    (topPx: number) => {
      const hasReaderScrolled = readingPlace.handleScroll()
      const isScrollingUp = topPx < lastTopPx.current - ROUNDING_PX
      const hiddenBelowPx = getHiddenBelowPx(list.current, topPx)
      const isAtEnd = hiddenBelowPx < AT_END_PX && !showsHistory
      lastTopPx.current = topPx
      if (isAtEnd && (hasReaderScrolled || readingPlace.followsEnd)) reachEnd()
      else if (isScrollingUp && hasReaderScrolled) {
        readingPlace.followsEnd = false
        leaveEnd({ seesAnswer: isLastRowVisible(list.current, topPx, rows.length) })
      }
      loadAround(event_id, {
        abovePx: readingPlace.followsEnd ? null : topPx,
        belowPx: showsHistory ? hiddenBelowPx : null,
      })
    },
    [readingPlace, reachEnd, leaveEnd, list, rows, event_id, showsHistory],
  )
}

const isLastRowVisible = (list: VListHandle | null, topPx: number, rowCount: number): boolean =>
  list !== null && list.getItemOffset(rowCount - 1) < topPx + list.viewportSize

/** Returns the height of the rows below the visible part, or 0 while there is no list. */
const getHiddenBelowPx = (list: VListHandle | null, topPx: number): number =>
  list ? list.scrollSize - list.viewportSize - topPx : 0

/** Loads more rows once the reader is near the first or the last loaded row. Null loads nothing on that side. */
function loadAround(event_id: string, { abovePx, belowPx }: { abovePx: number | null; belowPx: number | null }): void {
  if (belowPx !== null && belowPx < LOAD_MORE_PX) void loadNewer(event_id).catch(() => {})
  if (abovePx !== null && abovePx < LOAD_MORE_PX) void loadOlder(event_id).catch(() => {})
}
