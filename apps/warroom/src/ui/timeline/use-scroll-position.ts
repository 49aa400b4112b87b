import { isThinking } from '@engineer-chat/client'
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { getReadPosition, markRead } from '../../state/rooms/read-marks.ts'
import { setOpenEnd } from '../../state/rooms/reading.ts'
import { loadNewer, loadOlder, onReset, showMessage, showNewest } from '../../state/rooms/rooms.ts'
import { useSentCount } from '../../state/rooms/sent.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { ReadingPlace } from './reading-place.ts'

const AT_BOTTOM_PX = 40
const LOAD_MORE_PX = 800

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
}

/** Shows a linked row this far below the upper edge, so that the rows before it are seen, too. */
const LINKED_ROW_PX = 120
/** Leaves room for the day separator above the unread line. */
const UNREAD_LINE_PX = 40

/**
 * Keeps the reader's place. Only a reader at the bottom follows new rows. For all others, neither new rows below, nor
 * older ones above, nor a growing answer move the visible rows.
 */
export function useScrollPosition(options: Options) {
  const { list, box, rows, user_id, event_id, hasTarget, isPast, returnCount } = options
  const lastOffset = useRef(0)
  const [seenPosition, setSeenPosition] = useState(() => getReadPosition(user_id, event_id))
  const [isAway, setIsAway] = useState(false)
  const [hasStopped, setHasStopped] = useState(false)
  const newestPosition = findPosition(rows, rows.length - 1)
  const generation = useGeneration(rows)
  const { place, drawnRows } = useReadingPlace(box, rows, generation, hasTarget)

  const reachEnd = useCallback(() => {
    place.isAtEnd = true
    setIsAway(false)
    setHasStopped(false)
    setSeenPosition(newestPosition)
    if (document.visibilityState === 'visible') markRead(user_id, event_id, newestPosition)
  }, [place, newestPosition, user_id, event_id])

  const settle = useCallback(() => {
    if (!place.settle()) approachAnchor(place, list.current, drawnRows.current)
    if (!place.isAtEnd && !isPast && place.isEndVisible) reachEnd()
  }, [place, list, drawnRows, isPast, reachEnd])

  const goTo = useCallback(
    (index: number, offset = LINKED_ROW_PX) => {
      const key = rows[index]?.key
      if (key === undefined) return
      setIsAway(true)
      place.goTo({ key, offset }, list.current?.getItemOffset(index) ?? 0)
    },
    [place, list, rows],
  )

  const onScroll = useCallback(
    (offset: number) => {
      const isByReader = place.handleScroll()
      const isUp = offset < lastOffset.current - 1
      const below = getHiddenBelow(list.current, offset)
      lastOffset.current = offset
      if (below < AT_BOTTOM_PX && !isPast && (isByReader || place.isAtEnd)) reachEnd()
      else if (isUp && isByReader) {
        place.isAtEnd = false
        setIsAway(true)
      }
      loadAround(event_id, { above: place.isAtEnd ? null : offset, below: isPast ? below : null })
    },
    [place, reachEnd, list, event_id, isPast],
  )

  const scrollToBottom = () => {
    place.isAtEnd = true
    showNewest(event_id)
    settle()
    if (!isPast) reachEnd()
  }

  useFollowing(place, rows, () => {
    setIsAway(true)
    setHasStopped(true)
  })
  useReturnAfterReset(place, drawnRows, event_id)
  useOwnMessages(place, event_id)
  useArrival({ list, rows, isPast, hasTarget, returnCount, place, reachEnd, goTo })
  useOpenEnd(event_id, !isAway && !isPast)
  useSettling(place, rows, settle)

  return {
    shift: useIsPrepended(rows),
    generation,
    onScroll,
    settle,
    scrollToBottom,
    goTo,
    seenPosition,
    isAway: isAway || isPast,
    hasStopped,
  }
}

/** Returns the pixels of rows that lie below the visible part. */
const getHiddenBelow = (list: VListHandle | null, offset: number): number =>
  list ? list.scrollSize - list.viewportSize - offset : -offset

/** Loads more rows once the reader is near to the first or the last loaded one. The distances are in pixels. */
function loadAround(event_id: string, { above, below }: { above: number | null; below: number | null }): void {
  if (below !== null && below < LOAD_MORE_PX) void loadNewer(event_id).catch(() => {})
  if (above !== null && above < LOAD_MORE_PX) void loadOlder(event_id).catch(() => {})
}

/** Creates the place once; each list that is drawn anew is attached to it. */
function useReadingPlace(box: Options['box'], rows: TimelineRow[], generation: number, hasTarget: boolean) {
  const [place] = useState(() => new ReadingPlace(!hasTarget))
  const drawnRows = useRef(rows)
  useLayoutEffect(() => {
    drawnRows.current = rows
  }, [rows])
  useLayoutEffect(() => {
    const scroller = box.current?.querySelector<HTMLElement>('.rows')
    return scroller && generation >= 0 ? place.attach(scroller) : undefined
  }, [place, box, generation])
  return { place, drawnRows }
}

/** Restores the place after rows have changed, and after a scroll, because a reader who scrolls isn't moved. */
function useSettling(place: ReadingPlace, rows: TimelineRow[], settle: () => void): void {
  useLayoutEffect(() => {
    place.onScrollEnd = settle
    if (rows.length > 0) settle()
  }, [place, rows, settle])
}

/** Scrolls to the list's estimate of the anchor's position, when none of the anchor's rows is drawn. */
function approachAnchor(place: ReadingPlace, list: VListHandle | null, rows: readonly TimelineRow[]): void {
  const indexes = new Map(rows.map(({ key }, index) => [key, index]))
  const drawnRow = place.rows.find(({ key }) => indexes.has(key))
  if (drawnRow) place.approach((list?.getItemOffset(indexes.get(drawnRow.key) ?? 0) ?? 0) - drawnRow.offset)
}

/** Lets the place know the answer that grows at the end, and follow it until its question reaches the upper edge. */
function useFollowing(place: ReadingPlace, rows: TimelineRow[], onStopFollowing: () => void): void {
  const growingKey = useRef<string>(undefined)
  useLayoutEffect(() => {
    place.onStopFollowing = onStopFollowing
  })
  const last = rows.at(-1)
  const answer = last?.kind === 'message' ? last.message : undefined
  // An answer that has ended grows once more, by its foot.
  if (answer && isThinking(answer)) growingKey.current = answer.message_id
  useLayoutEffect(() => {
    const isGrowing = answer !== undefined && answer.message_id === growingKey.current
    place.findGrowingAnswer = () =>
      isGrowing ? { questionKey: answer.reply_to ?? '', answerKey: answer.message_id } : undefined
  }, [place, answer])
}

/** Loads the reader's place after a reset, which drops the loaded rows. */
function useReturnAfterReset(place: ReadingPlace, drawnRows: RefObject<TimelineRow[]>, event_id: string): void {
  useEffect(
    () =>
      onReset(event_id, () => {
        if (place.isAtEnd) return
        const isMessage = (key: string) => drawnRows.current.some((row) => row.key === key && row.kind === 'message')
        const first = place.rows.find(({ key }) => isMessage(key))
        if (first) void showMessage(event_id, first.key).catch(() => {})
      }),
    [place, drawnRows, event_id],
  )
}

/** Moves to the end for the reader's own new message, wherever the reader was. */
function useOwnMessages(place: ReadingPlace, event_id: string): void {
  const count = useSentCount(event_id)
  const before = useRef(count)
  useLayoutEffect(() => {
    if (before.current !== count) place.isAtEnd = true
    before.current = count
  }, [place, count])
}

interface ArrivalOptions extends Pick<Options, 'list' | 'rows' | 'isPast' | 'hasTarget' | 'returnCount'> {
  place: ReadingPlace
  reachEnd(): void
  goTo(index: number, offset: number): void
}

/**
 * Scrolls to the first unread row at the beginning, and again for a reader at the bottom who comes back to the tab.
 * Stays at the bottom while new rows come.
 */
function useArrival({ list, rows, isPast, hasTarget, returnCount, place, reachEnd, goTo }: ArrivalOptions): void {
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

/** Tells the counts of the list whether the reader sees the room's end. */
function useOpenEnd(event_id: string, isAtEnd: boolean): void {
  useEffect(() => {
    setOpenEnd(isAtEnd ? event_id : null)
    return () => setOpenEnd(null)
  }, [event_id, isAtEnd])
}

/** Returns true while older rows are put before what is shown, so that the list keeps its distance from the end. */
function useIsPrepended(rows: TimelineRow[]): boolean {
  const before = useRef<{ first?: string; last?: string }>({})
  const [first, last] = [rows[0]?.key, rows.at(-1)?.key]
  const shift = before.current.first !== undefined && before.current.first !== first && before.current.last === last
  useLayoutEffect(() => {
    before.current = { first, last }
  }, [first, last])
  return shift
}

/** Returns a new number when no row is the same as before, because the sizes of the new list aren't known yet. */
function useGeneration(rows: TimelineRow[]): number {
  const before = useRef({ first: 0, last: 0, generation: 0 })
  const [first, last] = [findFirstPosition(rows), findPosition(rows, rows.length - 1)]
  const isOtherList =
    before.current.last > 0 && last > 0 && (first > before.current.last || last < before.current.first)
  const generation = before.current.generation + (isOtherList ? 1 : 0)
  useLayoutEffect(() => {
    before.current = { first, last, generation }
  }, [first, last, generation])
  return generation
}

const isVisible = (list: VListHandle | null, index: number): boolean =>
  list !== null && list.viewportSize > 0 && list.scrollSize - list.getItemOffset(index) < list.viewportSize

const findFirstPosition = (rows: TimelineRow[]): number =>
  rows.find((row) => row.kind === 'message')?.message.position ?? 0

function findPosition(rows: TimelineRow[], index: number): number {
  for (let rowIndex = index; rowIndex >= 0; rowIndex -= 1) {
    const row = rows[rowIndex]
    if (row?.kind === 'message') return row.message.position
  }
  return 0
}
