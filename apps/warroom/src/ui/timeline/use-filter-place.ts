import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useRoomFilter } from '../../state/rooms/room-filter.ts'
import { getRoom, loadOlder } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading-place.ts'

/** A filter that shows little reads up to this many older pages by itself. The reader asks for more. */
const MAX_PAGES = 5

interface Options {
  box: RefObject<HTMLElement | null>
  rows: TimelineRow[]
  event_id: string
  place: ReadingPlace
  goTo(index: number, offset: number): void
}

/** Keeps the place when the filter changes, and loads older messages until those that it shows fill the view. */
export function useFilterPlace({ box, rows, event_id, place, goTo }: Options): void {
  const filter = useRoomFilter(event_id)
  const lastFilter = useRef(filter)
  useLayoutEffect(() => {
    if (lastFilter.current === filter) return
    lastFilter.current = filter
    const [first] = place.rows
    if (place.isAtEnd || !first || place.rows.some(({ key }) => rows.some((row) => row.key === key))) return
    const index = findNearest(rows, event_id, first.key)
    if (index >= 0) goTo(index, first.offset)
  }, [filter, rows, event_id, place, goTo])
  const [first] = rows
  const hasMore = first?.kind === 'filtered' && first.hasMore
  useEffect(() => {
    if (!hasMore) return
    const controller = new AbortController()
    void fillView(box, event_id, controller.signal).catch(() => {})
    return () => controller.abort()
  }, [box, hasMore, filter, event_id])
}

async function fillView(box: Options['box'], event_id: string, signal: AbortSignal): Promise<void> {
  for (let page = 0; page < MAX_PAGES && !signal.aborted && !isFilled(box.current); page += 1) {
    if (!(await loadOlder(event_id))) return
    await new Promise(requestAnimationFrame) // The rows that came are drawn.
  }
}

function isFilled(box: HTMLElement | null): boolean {
  const scroller = box?.querySelector('.rows')
  return !scroller || (scroller.firstElementChild?.clientHeight ?? 0) > scroller.clientHeight
}

/** Finds the row of the message that stands at or after a hidden one, or else the last row. */
function findNearest(rows: TimelineRow[], event_id: string, hiddenKey: string): number {
  const position = getRoom(event_id).state.messages.find(({ message_id }) => message_id === hiddenKey)?.position
  if (position === undefined) return -1
  const index = rows.findIndex((row) => row.kind === 'message' && row.message.position >= position)
  return index >= 0 ? index : rows.length - 1
}
