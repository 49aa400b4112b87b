import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { useRoomFilter } from '../../state/rooms/room-filter.ts'
import { getRoom, loadOlder } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import type { ReadingPlace } from './reading/reading-place.ts'

/** Limits the pages of older messages that load automatically if few messages match the filter. A button loads more. */
const MAX_AUTOMATIC_PAGES = 5

interface Options {
  container: RefObject<HTMLElement | null>
  rows: TimelineRow[]
  event_id: string
  readingPlace: ReadingPlace
  goTo(index: number, offsetPx: number): void
}

/** Keeps the reading place when the filter changes, and loads older messages until the matching ones fill the view. */
export function useFilterPlace({ container, rows, event_id, readingPlace, goTo }: Options): void {
  const filter = useRoomFilter(event_id)
  const lastFilter = useRef(filter)
  useLayoutEffect(() => {
    if (lastFilter.current === filter) return
    lastFilter.current = filter
    const [anchorRow] = readingPlace.anchorRows
    if (readingPlace.followsEnd || !anchorRow) return
    // If one of the anchor's rows is still listed, `readingPlace.restore` keeps the place.
    const listedKeys = new Set(rows.map(({ key }) => key))
    if (readingPlace.anchorRows.some(({ key }) => listedKeys.has(key))) return
    const index = findNearestIndex(rows, event_id, anchorRow.key)
    if (index >= 0) goTo(index, anchorRow.offsetPx)
  }, [filter, rows, event_id, readingPlace, goTo])
  const [firstRow] = rows
  const hasMore = firstRow?.kind === 'filtered' && firstRow.hasMore
  useEffect(() => {
    if (!hasMore) return
    const controller = new AbortController()
    void fillView(container, event_id, controller.signal).catch(() => {})
    return () => controller.abort()
  }, [container, hasMore, filter, event_id])
}

async function fillView(container: Options['container'], event_id: string, signal: AbortSignal): Promise<void> {
  for (let count = 0; count < MAX_AUTOMATIC_PAGES && !signal.aborted && !isFilled(container.current); count += 1) {
    if (!(await loadOlder(event_id))) return
    await new Promise(requestAnimationFrame) // React renders the new rows before this frame.
  }
}

function isFilled(container: HTMLElement | null): boolean {
  const scroller = container?.querySelector('.rows')
  return !scroller || (scroller.firstElementChild?.clientHeight ?? 0) > scroller.clientHeight
}

/**
 * Finds the first row at or after the position of a hidden message, or else the last row. Returns -1 if the position is
 * unknown.
 */
function findNearestIndex(rows: TimelineRow[], event_id: string, hiddenKey: string): number {
  const position = getRoom(event_id).state.messages.find(({ message_id }) => message_id === hiddenKey)?.position
  if (position === undefined) return -1
  const index = rows.findIndex((row) => row.kind === 'message' && row.message.position >= position)
  return index >= 0 ? index : rows.length - 1
}
