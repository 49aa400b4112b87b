import type { RoomIndicator } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { type IndicatorFilter, loadIndicators } from './indicators.ts'

interface IndicatorList {
  /** Is empty until a list has loaded. */
  event_id: string
  /** Is null until a list has loaded. The list of an earlier filter stays until the new one has loaded. */
  items: readonly RoomIndicator[] | null
  hasMore: boolean
  errorKind: ErrorKind | null
}

const PAGE_SIZE = 100
const EMPTY_LIST: IndicatorList = { event_id: '', items: null, hasMore: false, errorKind: null }

export const useLoadedList = create<IndicatorList>(() => EMPTY_LIST)

/** Returns an empty list while the list of an earlier room is still there. */
export const useIndicatorList = (event_id: string): IndicatorList =>
  useLoadedList((list) => (list.event_id === event_id ? list : EMPTY_LIST))

const startLoad = createLoadOrder()
/** Names the list that the reader wants to see, and the number of its rows. */
let wanted = { key: '', count: 0 }

/**
 * Loads the list of a room, or loads it again with as many rows as before: an indicator that is seen again moves to the
 * beginning, so a new first page would not continue with the old second one.
 */
export const loadIndicatorList = (event_id: string, filter: IndicatorFilter): Promise<void> =>
  loadRows(event_id, filter, 0)

/** Loads the list with one more page. */
export const loadMoreIndicators = (event_id: string, filter: IndicatorFilter): Promise<void> =>
  loadRows(event_id, filter, PAGE_SIZE)

/** Removes the list, because the next room or the next visit begins without a filter. */
export function forgetIndicatorList(): void {
  wanted = { key: '', count: 0 }
  useLoadedList.setState(EMPTY_LIST)
}

async function loadRows(event_id: string, filter: IndicatorFilter, additionalCount: number): Promise<void> {
  const key = JSON.stringify([event_id, filter.type, filter.q])
  const count = key === wanted.key ? wanted.count + additionalCount : PAGE_SIZE
  wanted = { key, count }
  const isInOrder = startLoad()
  const mayUse = () => key === wanted.key && isInOrder()
  try {
    const { items, hasMore } = await loadIndicators(event_id, filter, count)
    if (mayUse()) useLoadedList.setState({ event_id, items, hasMore, errorKind: null })
  } catch (error) {
    if (mayUse()) useLoadedList.setState({ event_id, errorKind: toErrorKind(error) })
  }
}
