import type { RoomIndicator } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { createLoadOrder } from '../page/load-order.ts'
import { type IndicatorFilter, loadIndicators, MAX_PAGE_SIZE } from './indicators.ts'

interface IndicatorList {
  /** Is empty until a list has loaded. */
  event_id: string
  /** Identifies the list's room and filter. The list of an earlier filter stays until the new one has loaded. */
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
/** Holds the key of the list that the reader wants to see. */
let wantedKey = ''
const toListKey = (event_id: string, { type, q }: IndicatorFilter): string => JSON.stringify([event_id, type, q])

/**
 * Loads the list of a room. If it is loaded already, loads at most `MAX_PAGE_SIZE` of its rows again, by one request.
 * The rows after those stay, because an indicator that is seen again moves to the beginning of the list.
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
 * Finds the loaded rows that come after the last fetched row. If that row is new or has moved, rows between it and the
 * loaded ones may be missing, so none of the loaded rows stays.
 */
function findLaterItems(key: string, fetchedItems: readonly RoomIndicator[]): RoomIndicator[] {
  const list = useLoadedList.getState()
  const lastItem = fetchedItems.at(-1)
  if (list.key !== key || !list.items || !lastItem) return []
  const isLastItem = (item: RoomIndicator) => toItemKey(item) === toItemKey(lastItem) && item.count === lastItem.count
  const lastIndex = list.items.findIndex(isLastItem)
  return lastIndex < 0 ? [] : withoutItems(list.items.slice(lastIndex + 1), fetchedItems)
}

/** Adds the next rows to the list. They are dropped if the list has meanwhile got another end. */
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

/** Removes the list, because the view begins without a filter when it is opened again or for another room. */
export function forgetIndicatorList(): void {
  wantedKey = ''
  useLoadedList.setState(EMPTY_LIST)
}

const toItemKey = ({ type, value }: RoomIndicator): string => `${type} ${value}`

function withoutItems(items: readonly RoomIndicator[], unwantedItems: readonly RoomIndicator[]): RoomIndicator[] {
  const unwantedKeys = new Set(unwantedItems.map(toItemKey))
  return items.filter((item) => !unwantedKeys.has(toItemKey(item)))
}
