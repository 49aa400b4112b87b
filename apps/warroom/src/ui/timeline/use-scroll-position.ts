import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { getReadPosition, markRead } from '../../state/rooms/read-marks.ts'
import { loadNewer, loadOlder, onReset, showMessage, showNewest } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'

const AT_BOTTOM_PX = 40
const LOAD_MORE_PX = 800

interface Options {
  list: RefObject<VListHandle | null>
  box: RefObject<HTMLDivElement | null>
  rows: TimelineRow[]
  user_id: string
  event_id: string
  /** True if a link names a message, at which the list begins. */
  hasTarget: boolean
  /** True while the list shows a range of the past. */
  isPast: boolean
}

/**
 * Keeps the reader's place. Only a reader at the bottom follows new rows; nobody else is ever moved, neither by new rows
 * below, nor by older ones above, nor by an answer that grows.
 */
export function useScrollPosition({ list, box, rows, user_id, event_id, hasTarget, isPast }: Options) {
  const stuck = useRef(!hasTarget)
  const lastOffset = useRef(0)
  const begun = useRef(hasTarget)
  const anchor = useRef('')
  const [seen, setSeen] = useState(() => getReadPosition(user_id, event_id))
  const [away, setAway] = useState(false)
  const newest = findPosition(rows, rows.length - 1)
  const generation = useGeneration(rows)

  const arrived = useCallback(() => {
    stuck.current = true
    setAway(false)
    setSeen(newest)
    if (document.visibilityState === 'visible') markRead(user_id, event_id, newest)
  }, [newest, user_id, event_id])

  const leave = useCallback(() => {
    stuck.current = false
    setAway(true)
  }, [])

  const scrolled = useCallback(
    (offset: number) => {
      const { scrollSize, viewportSize } = list.current ?? { scrollSize: 0, viewportSize: 0 }
      const isUp = offset < lastOffset.current - 1
      const below = scrollSize - viewportSize - offset
      lastOffset.current = offset
      const top = rows[list.current?.findItemIndex(offset) ?? -1]
      if (top?.kind === 'message') anchor.current = top.key
      if (below < AT_BOTTOM_PX && !isPast) arrived()
      else if (isUp) leave()
      if (isPast && below < LOAD_MORE_PX) void loadNewer(event_id).catch(() => {})
      if (offset < LOAD_MORE_PX && !stuck.current) void loadOlder(event_id).catch(() => {})
    },
    [arrived, leave, list, rows, event_id, isPast],
  )

  const toBottom = useCallback(() => {
    stuck.current = true
    showNewest(event_id)
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    if (!isPast) arrived()
  }, [arrived, list, rows.length, event_id, isPast])

  useFollowing(list, box, stuck, generation)

  useReturnAfterReset(list, rows, event_id, stuck, anchor)
  useArrival({ list, rows, isPast, stuck, begun, arrived, leave })

  return { shift: usePrepended(rows), generation, scrolled, toBottom, leave, seen, away: away || isPast }
}

/** Returns to the reader's place after a reset, which drops the loaded rows. */
function useReturnAfterReset(
  list: Options['list'],
  rows: TimelineRow[],
  event_id: string,
  stuck: RefObject<boolean>,
  anchor: RefObject<string>,
): void {
  const returning = useRef('')
  useEffect(
    () =>
      onReset(event_id, () => {
        if (stuck.current || anchor.current === '') return
        returning.current = anchor.current
        void showMessage(event_id, anchor.current).catch(() => {})
      }),
    [event_id, stuck, anchor],
  )
  useLayoutEffect(() => {
    const index = returning.current === '' ? -1 : rows.findIndex(({ key }) => key === returning.current)
    if (index < 0) return
    returning.current = ''
    list.current?.scrollToIndex(index, { align: 'start' })
  }, [rows, list])
}

interface ArrivalOptions extends Pick<Options, 'list' | 'rows' | 'isPast'> {
  stuck: RefObject<boolean>
  begun: RefObject<boolean>
  arrived(): void
  leave(): void
}

/** Begins at the first unread row, and stays at the bottom while rows come. */
function useArrival({ list, rows, isPast, stuck, begun, arrived, leave }: ArrivalOptions): void {
  useLayoutEffect(() => {
    if (rows.length === 0) return
    if (isPast) {
      stuck.current = false
      begun.current = true
      return
    }
    const unread = begun.current ? -1 : rows.findIndex((row) => row.kind === 'unread')
    begun.current = true
    if (unread >= 0 && !isVisible(list.current, unread)) {
      leave()
      list.current?.scrollToIndex(Math.max(0, unread - 1), { align: 'start' })
    } else if (stuck.current || rows.at(-1)?.kind === 'unsent') {
      stuck.current = true // One's own message is shown wherever one was.
      list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
      arrived()
    }
  }, [rows, list, arrived, leave, isPast, stuck, begun])
}

/** Keeps a reader at the bottom there when the list or its surroundings change size. */
function useFollowing(list: Options['list'], box: Options['box'], stuck: RefObject<boolean>, generation: number): void {
  useEffect(() => {
    const scroller = box.current?.querySelector('.rows')
    if (!scroller || generation < 0) return
    const follow = () => {
      if (stuck.current) list.current?.scrollTo(list.current.scrollSize)
    }
    const observer = new ResizeObserver(follow)
    observer.observe(scroller)
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild)
    return () => observer.disconnect()
  }, [list, box, stuck, generation])
}

/** True while older rows are put before what is shown, so that the list keeps its distance from the end. */
function usePrepended(rows: TimelineRow[]): boolean {
  const before = useRef<{ first?: string; last?: string }>({})
  const [first, last] = [rows[0]?.key, rows.at(-1)?.key]
  const shift = before.current.first !== undefined && before.current.first !== first && before.current.last === last
  useLayoutEffect(() => {
    before.current = { first, last }
  }, [first, last])
  return shift
}

/** Returns another number when no row is the same as before: another list, whose sizes aren't known yet. */
function useGeneration(rows: TimelineRow[]): number {
  const before = useRef({ first: 0, last: 0, generation: 0 })
  const [first, last] = [firstPosition(rows), findPosition(rows, rows.length - 1)]
  const isOther = before.current.last > 0 && last > 0 && (first > before.current.last || last < before.current.first)
  const generation = before.current.generation + (isOther ? 1 : 0)
  useLayoutEffect(() => {
    before.current = { first, last, generation }
  }, [first, last, generation])
  return generation
}

const isVisible = (list: VListHandle | null, index: number): boolean =>
  list !== null && list.viewportSize > 0 && list.scrollSize - list.getItemOffset(index) < list.viewportSize

const firstPosition = (rows: TimelineRow[]): number => rows.find((row) => row.kind === 'message')?.message.position ?? 0

function findPosition(rows: TimelineRow[], index: number): number {
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at]
    if (row?.kind === 'message') return row.message.position
  }
  return 0
}
