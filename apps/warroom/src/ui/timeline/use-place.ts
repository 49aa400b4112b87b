import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { markRead } from '../../state/reading.ts'
import { loadOlder } from '../../state/rooms.ts'
import { isOwn, type Row } from '../../state/rows.ts'

const AT_BOTTOM_PX = 40
const LOAD_OLDER_PX = 800

interface Options {
  list: RefObject<VListHandle | null>
  box: RefObject<HTMLDivElement | null>
  rows: Row[]
  user_id: string
  event_id: string
  /** A message was asked for by its link: that is where to begin. */
  hasTarget: boolean
}

/**
 * Where the reader is. Only a reader at the bottom is taken along by what comes; nobody else is ever moved, neither by
 * new rows below, nor by older ones above, nor by an answer that grows.
 */
export function usePlace({ list, box, rows, user_id, event_id, hasTarget }: Options) {
  const stuck = useRef(!hasTarget)
  const lastOffset = useRef(0)
  const begun = useRef(hasTarget)
  const [seen, setSeen] = useState(0)
  const [away, setAway] = useState(false)
  const newest = positionAt(rows, rows.length - 1)

  const arrived = useCallback(() => {
    stuck.current = true
    setAway(false)
    setSeen((before) => Math.max(before, newest))
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
      lastOffset.current = offset
      if (scrollSize - viewportSize - offset < AT_BOTTOM_PX) arrived()
      else if (isUp) leave()
      if (offset < LOAD_OLDER_PX && !stuck.current) void loadOlder(event_id).catch(() => {})
    },
    [arrived, leave, list, event_id],
  )

  const toBottom = useCallback(() => {
    stuck.current = true
    list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
    arrived()
  }, [arrived, list, rows.length])

  useFollowing(list, box, stuck)

  useLayoutEffect(() => {
    if (rows.length === 0) return
    const unread = begun.current ? -1 : rows.findIndex((row) => row.kind === 'unread')
    begun.current = true
    if (unread >= 0 && !fits(list.current, unread)) {
      leave()
      list.current?.scrollToIndex(Math.max(0, unread - 1), { align: 'start' })
    } else if (stuck.current || rows.at(-1)?.kind === 'unsent') {
      stuck.current = true // one's own words are where one wants to be
      list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
      arrived()
    }
  }, [rows, list, arrived, leave])

  const below = away ? countAfter(rows, seen, user_id) : 0
  return { shift: usePrepended(rows), scrolled, toBottom, leave, below, away }
}

/** Whatever grows, the list or what is around it, a reader at the bottom stays there. */
function useFollowing(list: Options['list'], box: Options['box'], stuck: RefObject<boolean>): void {
  useEffect(() => {
    const scroller = box.current?.querySelector('.rows')
    if (!scroller) return
    const follow = () => {
      if (stuck.current) list.current?.scrollTo(list.current.scrollSize)
    }
    const observer = new ResizeObserver(follow)
    observer.observe(scroller)
    if (scroller.firstElementChild) observer.observe(scroller.firstElementChild)
    return () => observer.disconnect()
  }, [list, box, stuck])
}

/** True while older rows are put before what is shown, so that the list keeps its distance from the end. */
function usePrepended(rows: Row[]): boolean {
  const before = useRef<{ first?: string; last?: string }>({})
  const [first, last] = [rows[0]?.key, rows.at(-1)?.key]
  const shift = before.current.first !== undefined && before.current.first !== first && before.current.last === last
  useLayoutEffect(() => {
    before.current = { first, last }
  }, [first, last])
  return shift
}

const fits = (list: VListHandle | null, index: number): boolean =>
  list !== null && list.viewportSize > 0 && list.scrollSize - list.getItemOffset(index) < list.viewportSize

function positionAt(rows: Row[], index: number): number {
  for (let at = index; at >= 0; at -= 1) {
    const row = rows[at]
    if (row?.kind === 'message') return row.message.position
  }
  return 0
}

function countAfter(rows: Row[], position: number, user_id: string): number {
  let count = 0
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at]
    if (row?.kind !== 'message') continue
    if (row.message.position <= position) break
    if (!isOwn(row.message, user_id)) count += 1
  }
  return count
}
