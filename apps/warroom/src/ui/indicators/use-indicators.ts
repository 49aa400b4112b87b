import { useEffect } from 'react'
import {
  forgetIndicatorList,
  loadIndicatorList,
  loadMoreIndicators,
  useIndicatorList,
} from '../../state/indicators/indicator-list.ts'
import type { IndicatorFilter } from '../../state/indicators/indicators.ts'
import { useRoom } from '../../state/rooms/rooms.ts'

/** Loading begins after this time without a change of the filter. */
const TYPING_PAUSE_MS = 250
/** The second load shows the indicators of a new message, which a worker extracts within a few seconds. */
const SECOND_LOAD_AFTER_MS = 3_000

/** Loads a room's indicators when the filter or the room has changed, and once more three seconds after the change. */
export function useIndicators(event_id: string, filter: IndicatorFilter) {
  const { type, q } = filter
  const lastSeq = useRoom(event_id, (room) => room.messages.at(-1)?.seq ?? 0)
  const list = useIndicatorList(event_id)
  useEffect(() => {
    const load = () => void loadIndicatorList(event_id, filter)
    const firstLoad = setTimeout(load, TYPING_PAUSE_MS)
    const secondLoad = setTimeout(load, SECOND_LOAD_AFTER_MS)
    return () => {
      clearTimeout(firstLoad)
      clearTimeout(secondLoad)
    }
  }, [event_id, type, q, lastSeq])
  useEffect(() => forgetIndicatorList, [event_id])
  return { ...list, loadMore: () => void loadMoreIndicators(event_id, filter) }
}
