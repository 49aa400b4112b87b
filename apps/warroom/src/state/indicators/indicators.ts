import type {
  FoundIndicator,
  IndicatorType,
  RoomIndicator,
  RoomIndicatorsQuery,
  SimilarEvent,
} from '@engineer-chat/protocol'
import { client } from '../people/sign-in.ts'

/** The server refuses a larger page. */
export const MAX_PAGE_SIZE = 500
const MAX_SIMILAR_EVENTS = 3
const MAX_SEARCH_RESULTS = 20

export type IndicatorFilter = Pick<RoomIndicatorsQuery, 'type' | 'q'>

/** Loads the indicators of a room after the cursor, or from the beginning if it is null. */
export const loadIndicators = (event_id: string, filter: IndicatorFilter, limit: number, cursor: string | null) =>
  client.listIndicators(event_id, { ...filter, limit, ...(cursor !== null && { cursor }) })

/** Loads all indicators that match the filter, to copy them or to save them as a file. */
export async function loadAllIndicators(event_id: string, filter: IndicatorFilter): Promise<RoomIndicator[]> {
  const items: RoomIndicator[] = []
  let cursor: string | null = null
  do {
    const page = await loadIndicators(event_id, filter, MAX_PAGE_SIZE, cursor)
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}

/** Loads the events that are most similar to this one. */
export const loadSimilarEvents = async (event_id: string): Promise<SimilarEvent[]> =>
  (await client.listSimilarEvents(event_id, { limit: MAX_SIMILAR_EVENTS })).items

/** Finds an indicator of a room. Resolves to undefined until a worker has extracted the indicator from a message. */
export async function findIndicator(
  event_id: string,
  type: IndicatorType,
  value: string,
): Promise<RoomIndicator | undefined> {
  return (await client.listIndicators(event_id, { type, value, limit: 1 })).items[0]
}

/** Finds indicators whose value or host begins with the text, in all rooms that the reader may enter. */
export async function searchIndicators(q: string): Promise<FoundIndicator[]> {
  return (await client.searchIndicators({ q, limit: MAX_SEARCH_RESULTS })).items
}
