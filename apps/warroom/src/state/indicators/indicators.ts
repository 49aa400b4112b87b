import type {
  FoundIndicator,
  IndicatorType,
  RoomIndicator,
  RoomIndicatorsQuery,
  SimilarEvent,
} from '@engineer-chat/protocol'
import { client } from '../people/sign-in.ts'

const PAGE_SIZE = 100
const EXPORT_PAGE_SIZE = 500
const MAX_SIMILAR_EVENTS = 3
const MAX_SEARCH_RESULTS = 20

export type IndicatorFilter = Pick<RoomIndicatorsQuery, 'type' | 'q'>

/** Loads one page of a room's indicators. */
export const loadIndicators = (event_id: string, filter: IndicatorFilter, cursor?: string) =>
  client.listIndicators(event_id, { ...filter, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) })

/** Loads the indicators of all pages, to copy them or to save them as a file. */
export async function loadAllIndicators(event_id: string, filter: IndicatorFilter): Promise<RoomIndicator[]> {
  const indicators: RoomIndicator[] = []
  let cursor: string | null = null
  do {
    const query = { ...filter, limit: EXPORT_PAGE_SIZE, ...(cursor !== null && { cursor }) }
    const page = await client.listIndicators(event_id, query)
    indicators.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return indicators
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

/** Finds indicators of all rooms whose value begins with the text. */
export async function searchIndicators(q: string): Promise<FoundIndicator[]> {
  return (await client.searchIndicators({ q, limit: MAX_SEARCH_RESULTS })).items
}
