import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { VListHandle } from 'virtua'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading/reading-place.ts'

/** Shows the unread line this far below the upper edge, so that the day separator above it is visible. */
const UNREAD_LINE_OFFSET_PX = 40

interface ScrollToUnreadLineOptions {
  list: RefObject<VListHandle | null>
  rows: TimelineRow[]
  /** Says whether the list shows a range of older messages, and not the newest ones. */
  showsHistory: boolean
  /** Says whether the URL names a message. The list then opens at that message, and not at the end. */
  hasTarget: boolean
  /** Counts how often the unread line was placed anew (`UnreadLine.placementCount`). */
  placementCount: number
  readingPlace: ReadingPlace
  reachEnd(): void
  goTo(index: number, offsetPx: number): void
}

/**
 * Scrolls to the unread line when the room is opened. For a reader at the end, scrolls to it again when the line is
 * placed anew. A reader at the end stays there while new rows arrive.
 */
export function useScrollToUnreadLine({
  list,
  rows,
  showsHistory,
  hasTarget,
  placementCount,
  readingPlace,
  reachEnd,
  goTo,
}: ScrollToUnreadLineOptions): void {
  // Holds -1 until the list has first scrolled. A link to a message takes the place of that first scroll.
  const handledPlacement = useRef(hasTarget ? placementCount : -1)
  useLayoutEffect(() => {
    if (rows.length === 0) return
    const isFirst = handledPlacement.current < 0
    const isNewPlacement = handledPlacement.current !== placementCount
    const needsUnreadLine = isNewPlacement && (isFirst || readingPlace.followsEnd)
    const unreadIndex = needsUnreadLine && !showsHistory ? rows.findIndex((row) => row.kind === 'unread') : -1
    handledPlacement.current = placementCount
    if (showsHistory) readingPlace.followsEnd = false
    else if (unreadIndex >= 0 && !isVisibleAtEnd(list.current, unreadIndex)) goTo(unreadIndex, UNREAD_LINE_OFFSET_PX)
    else if (readingPlace.followsEnd) reachEnd()
  }, [rows, list, reachEnd, goTo, showsHistory, readingPlace, placementCount])
}

/** Returns true if the row is in view when the list is scrolled to its end. */
const isVisibleAtEnd = (list: VListHandle | null, index: number): boolean =>
  list !== null && list.viewportSize > 0 && list.scrollSize - list.getItemOffset(index) < list.viewportSize
