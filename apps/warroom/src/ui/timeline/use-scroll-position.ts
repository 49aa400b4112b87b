import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { getReadPosition, markRead } from '../../state/rooms/read-marks.ts'
import { setOpenEnd } from '../../state/rooms/reading.ts'
import { loadNewer, loadOlder, showNewest } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading-place.ts'
import { useArrival } from './use-arrival.ts'
import { findPosition, useGeneration, useIsPrepended } from './use-list-changes.ts'
import {
  approachAnchor,
  useFollowing,
  useOwnMessages,
  useReadingPlace,
  useReturnAfterReset,
  useSettling,
} from './use-reading-place.ts'

const AT_BOTTOM_PX = 40
const LOAD_MORE_PX = 800
/** Shows a linked row this far below the upper edge, so that the rows before it are seen, too. */
const LINKED_ROW_PX = 120

interface Options {
  list: RefObject<VListHandle | null>
  box: RefObject<HTMLDivElement | null>
  rows: TimelineRow[]
  user_id: string
  event_id: string
  /** Is true if the URL names a message, at which the list begins. */
  hasTarget: boolean
  /** Is true while the list shows a range of the past. */
  isPast: boolean
  /** Counts the reader's returns to the tab after which there is an unread line. */
  returnCount: number
  /** Is true while the filter hides new messages: the room is not read up to its end. */
  hidesUnread: boolean
}

/**
 * Keeps the reader's place. Only a reader at the bottom follows new rows. For all others, neither new rows below, nor
 * older ones above, nor a growing answer move the visible rows.
 */
export function useScrollPosition(options: Options) {
  const { list, box, rows, event_id, hasTarget, isPast, returnCount } = options
  const generation = useGeneration(rows)
  const { place, drawnRows } = useReadingPlace(box, rows, generation, hasTarget)
  const end = useEnd(place, options)
  const { reachEnd, leaveEnd } = end

  const settle = useCallback(() => {
    if (!place.settle()) approachAnchor(place, list.current, drawnRows.current)
    if (!place.isAtEnd && !isPast && place.isEndVisible) reachEnd()
  }, [place, list, drawnRows, isPast, reachEnd])

  const goTo = useCallback(
    (index: number, offset = LINKED_ROW_PX) => {
      const key = rows[index]?.key
      if (key === undefined) return
      leaveEnd()
      place.goTo({ key, offset }, list.current?.getItemOffset(index) ?? 0)
    },
    [place, list, rows, leaveEnd],
  )

  const scrollToBottom = () => {
    place.isAtEnd = true
    showNewest(event_id)
    settle()
    if (!isPast) reachEnd()
  }

  useFollowing(place, rows, () => leaveEnd({ hasStopped: true }))
  useReturnAfterReset(place, drawnRows, event_id)
  useOwnMessages(place, event_id)
  useArrival({ list, rows, isPast, hasTarget, returnCount, place, reachEnd, goTo })
  useSettling(place, rows, settle)

  return {
    place,
    shift: useIsPrepended(rows),
    generation,
    onScroll: useScrollHandler(place, end, options),
    settle,
    scrollToBottom,
    goTo,
    seenPosition: end.seenPosition,
    isAway: end.isAway || isPast,
    hasStopped: end.hasStopped,
  }
}

/** Knows whether the reader is at the room's end, where everything is read. */
function useEnd(place: ReadingPlace, { rows, user_id, event_id, isPast, hidesUnread }: Options) {
  const [seenPosition, setSeenPosition] = useState(() => getReadPosition(user_id, event_id))
  const [isAway, setIsAway] = useState(false)
  const [hasStopped, setHasStopped] = useState(false)
  const newestPosition = findPosition(rows, rows.length - 1)
  const reachEnd = useCallback(() => {
    place.isAtEnd = true
    setIsAway(false)
    setHasStopped(false)
    setSeenPosition(newestPosition)
    if (document.visibilityState === 'visible' && !hidesUnread) markRead(user_id, event_id, newestPosition)
  }, [place, newestPosition, user_id, event_id, hidesUnread])
  /**
   * `hasStopped` is true if the list stops following an answer, and false if the reader goes away. `seesAnswer` is true
   * if the reader still sees a part of the answer that was followed.
   */
  const leaveEnd = useCallback(({ hasStopped = false, seesAnswer = false } = {}) => {
    setIsAway(true)
    setHasStopped((had) => hasStopped || (had && seesAnswer))
  }, [])
  useOpenEnd(event_id, !isAway && !isPast && !hidesUnread)
  return { seenPosition, isAway, hasStopped, reachEnd, leaveEnd }
}

/** Tells the counts of the list whether the reader sees the room's end. */
function useOpenEnd(event_id: string, isAtEnd: boolean): void {
  useEffect(() => {
    setOpenEnd(isAtEnd ? event_id : null)
    return () => setOpenEnd(null)
  }, [event_id, isAtEnd])
}

/** Returns the function that handles a scroll: it notices who has scrolled, and loads what comes near. */
function useScrollHandler(
  place: ReadingPlace,
  { reachEnd, leaveEnd }: Pick<ReturnType<typeof useEnd>, 'reachEnd' | 'leaveEnd'>,
  { list, rows, event_id, isPast }: Options,
) {
  const lastOffset = useRef(0)
  return useCallback(
    (offset: number) => {
      const isByReader = place.handleScroll()
      const isUp = offset < lastOffset.current - 1
      const below = getHiddenBelow(list.current, offset)
      lastOffset.current = offset
      if (below < AT_BOTTOM_PX && !isPast && (isByReader || place.isAtEnd)) reachEnd()
      else if (isUp && isByReader) {
        place.isAtEnd = false
        leaveEnd({ seesAnswer: isLastVisible(list.current, offset, rows.length) })
      }
      loadAround(event_id, { above: place.isAtEnd ? null : offset, below: isPast ? below : null })
    },
    [place, reachEnd, leaveEnd, list, rows, event_id, isPast],
  )
}

const isLastVisible = (list: VListHandle | null, offset: number, rowCount: number): boolean =>
  list !== null && list.getItemOffset(rowCount - 1) < offset + list.viewportSize

/** Returns the pixels of rows that lie below the visible part. */
const getHiddenBelow = (list: VListHandle | null, offset: number): number =>
  list ? list.scrollSize - list.viewportSize - offset : -offset

/** Loads more rows once the reader is near to the first or the last loaded one. The distances are in pixels. */
function loadAround(event_id: string, { above, below }: { above: number | null; below: number | null }): void {
  if (below !== null && below < LOAD_MORE_PX) void loadNewer(event_id).catch(() => {})
  if (above !== null && above < LOAD_MORE_PX) void loadOlder(event_id).catch(() => {})
}
