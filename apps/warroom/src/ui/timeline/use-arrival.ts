import { type RefObject, useLayoutEffect, useRef } from 'react'
import type { VListHandle } from 'virtua'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading-place.ts'

/** Leaves room for the day separator above the unread line. */
const UNREAD_LINE_PX = 40

interface ArrivalOptions {
  list: RefObject<VListHandle | null>
  rows: TimelineRow[]
  /** Is true while the list shows a range of the past. */
  isPast: boolean
  /** Is true if the URL names a message, at which the list begins. */
  hasTarget: boolean
  /** Counts the reader's returns to the tab after which there is an unread line. */
  returnCount: number
  place: ReadingPlace
  reachEnd(): void
  goTo(index: number, offset: number): void
}

/**
 * Scrolls to the first unread row at the beginning, and again for a reader at the bottom who comes back to the tab.
 * Stays at the bottom while new rows come.
 */
export function useArrival({
  list,
  rows,
  isPast,
  hasTarget,
  returnCount,
  place,
  reachEnd,
  goTo,
}: ArrivalOptions): void {
  const arrivedAt = useRef(hasTarget ? returnCount : -1)
  useLayoutEffect(() => {
    if (rows.length === 0) return
    const isArriving = arrivedAt.current !== returnCount && (arrivedAt.current < 0 || place.isAtEnd)
    const unread = isArriving && !isPast ? rows.findIndex((row) => row.kind === 'unread') : -1
    arrivedAt.current = returnCount
    if (isPast) place.isAtEnd = false
    else if (unread >= 0 && !isVisible(list.current, unread)) goTo(unread, UNREAD_LINE_PX)
    else if (place.isAtEnd) reachEnd()
  }, [rows, list, reachEnd, goTo, isPast, place, returnCount])
}

const isVisible = (list: VListHandle | null, index: number): boolean =>
  list !== null && list.viewportSize > 0 && list.scrollSize - list.getItemOffset(index) < list.viewportSize
