import type { RoomIndicator } from '@engineer-chat/protocol'
import { useEffect, useState } from 'react'
import { type IndicatorFilter, loadIndicators } from '../../state/indicators/indicators.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { useRoom } from '../../state/rooms/rooms.ts'

/** Loading begins after this time without a change of the filter. */
const TYPING_PAUSE_MS = 250
/** The second load shows the indicators of a new message, which a worker extracts within a few seconds. */
const SECOND_LOAD_AFTER_MS = 3_000

interface LoadedList {
  items: readonly RoomIndicator[]
  nextCursor: string | null
}

/** Loads a room's indicators when the filter or the room has changed, and once more three seconds after the change. */
export function useIndicators(event_id: string, filter: IndicatorFilter) {
  const { type, q } = filter
  const lastSeq = useRoom(event_id, (room) => room.messages.at(-1)?.seq ?? 0)
  const [loadedList, setLoadedList] = useState<LoadedList | null>(null)
  const [errorKind, setErrorKind] = useState<ErrorKind | null>(null)
  const load = async (cursor: string | undefined, isCurrent: () => boolean) => {
    try {
      const page = await loadIndicators(event_id, filter, cursor)
      if (!isCurrent()) return
      setLoadedList((previous) => ({
        items: cursor === undefined ? page.items : [...(previous?.items ?? []), ...page.items],
        nextCursor: page.next_cursor,
      }))
      setErrorKind(null)
    } catch (error) {
      if (isCurrent()) setErrorKind(toErrorKind(error))
    }
  }
  useEffect(() => {
    let isCurrent = true
    const firstLoad = setTimeout(() => void load(undefined, () => isCurrent), TYPING_PAUSE_MS)
    const secondLoad = setTimeout(() => void load(undefined, () => isCurrent), SECOND_LOAD_AFTER_MS)
    return () => {
      isCurrent = false
      clearTimeout(firstLoad)
      clearTimeout(secondLoad)
    }
  }, [event_id, type, q, lastSeq])
  return { loadedList, errorKind, loadMore: () => load(loadedList?.nextCursor ?? undefined, () => true) }
}
