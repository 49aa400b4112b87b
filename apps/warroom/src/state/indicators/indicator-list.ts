import type { RoomIndicator } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { type IndicatorFilter, loadIndicators, MAX_PAGE_SIZE } from './indicators.ts'

interface IndicatorList {
  /** Is empty until a list has loaded. */
  event_id: string
  /** Names the room and the filter of the list. The list of an earlier filter stays until the new one has loaded. */
  key: string
  /** Is null until a list has loaded. */
  items: readonly RoomIndicator[] | null
  /** Leads to the rows after `items`. Is null if there are none. */
  nextCursor: string | null
  errorKind: ErrorKind | null
}

const PAGE_SIZE = 100
const EMPTY_LIST: IndicatorList = { event_id: '', key: '', items: null, nextCursor: null, errorKind: null }

export const useLoadedList = create<IndicatorList>(() => EMPTY_LIST)

/** Returns an empty list while the list of an earlier room is still there. */
export const useIndicatorList = (event_id: string): IndicatorList =>
  useLoadedList((list) => (list.event_id === event_id ? list : EMPTY_LIST))

const registerLoad = createLoadOrder()
/** Names the list that the reader wants to see. */
let wantedKey = ''
const toListKey = (event_id: string, { type, q }: IndicatorFilter): string => JSON.stringify([event_id, type, q])

/**
 * Loads the list of a room, or loads it again by one request, however long it is. An indicator that is seen again moves
 * to the beginning, so the rows after the largest page stay as they were.
 */
export async function loadIndicatorList(event_id: string, filter: IndicatorFilter): Promise<void> {
  const key = toListKey(event_id, filter)
  wantedKey = key
  const isNewestResult = registerLoad()
  const isWanted = () => key === wantedKey && isNewestResult()
  const list = useLoadedList.getState()
  const loadedCount = list.key === key ? (list.items?.length ?? 0) : 0
  const limit = Math.min(Math.max(loadedCount, PAGE_SIZE), MAX_PAGE_SIZE)
  try {
    const { items, next_cursor } = await loadIndicators(event_id, filter, limit, null)
    if (!isWanted()) return
    const laterItems = next_cursor === null ? [] : findLaterItems(key, items)
    const nextCursor = laterItems.length > 0 ? useLoadedList.getState().nextCursor : next_cursor
    useLoadedList.setState({ event_id, key, items: [...items, ...laterItems], nextCursor, errorKind: null })
  } catch (error) {
    if (isWanted()) useLoadedList.setState({ event_id, errorKind: toErrorKind(error) })
  }
}

/**
 * Finds the loaded rows after the last one of these. If that one is new or has moved, there may be a gap before the
 * loaded rows, and none of them stays.
 */
function findLaterItems(key: string, items: readonly RoomIndicator[]): RoomIndicator[] {
  const list = useLoadedList.getState()
  const lastItem = items.at(-1)
  if (list.key !== key || !list.items || !lastItem) return []
  const isLastItem = (item: RoomIndicator) => toItemKey(item) === toItemKey(lastItem) && item.count === lastItem.count
  const lastIndex = list.items.findIndex(isLastItem)
  return lastIndex < 0 ? [] : withoutItems(list.items.slice(lastIndex + 1), items)
}

/** Adds the next page to the list. A page that arrives when the list has another end is dropped. */
export async function loadMoreIndicators(event_id: string, filter: IndicatorFilter): Promise<void> {
  const key = toListKey(event_id, filter)
  const { key: loadedKey, nextCursor } = useLoadedList.getState()
  if (loadedKey !== key) return loadIndicatorList(event_id, filter)
  if (nextCursor === null) return
  const isWanted = () => key === wantedKey && useLoadedList.getState().nextCursor === nextCursor
  try {
    const page = await loadIndicators(event_id, filter, PAGE_SIZE, nextCursor)
    if (!isWanted()) return
    const items = useLoadedList.getState().items ?? []
    const newItems = withoutItems(page.items, items)
    useLoadedList.setState({ items: [...items, ...newItems], nextCursor: page.next_cursor, errorKind: null })
  } catch (error) {
    if (isWanted()) useLoadedList.setState({ errorKind: toErrorKind(error) })
  }
}

/** Removes the list, because the next room or the next visit begins without a filter. */
export function forgetIndicatorList(): void {
  wantedKey = ''
  useLoadedList.setState(EMPTY_LIST)
}

const toItemKey = ({ type, value }: RoomIndicator): string => `${type} ${value}`

function withoutItems(items: readonly RoomIndicator[], unwantedItems: readonly RoomIndicator[]): RoomIndicator[] {
  const unwantedKeys = new Set(unwantedItems.map(toItemKey))
  return items.filter((item) => !unwantedKeys.has(toItemKey(item)))
}
