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

export type IndicatorFilter = Pick<RoomIndicatorsQuery, 'type' | 'q'>

export const loadIndicators = (event_id: string, filter: IndicatorFilter, cursor?: string) =>
  client.listIndicators(event_id, { ...filter, limit: PAGE_SIZE, ...(cursor !== undefined && { cursor }) })

/** Loads the indicators of all pages, to copy them or to save them as a file. */
export async function loadAllIndicators(event_id: string, filter: IndicatorFilter): Promise<RoomIndicator[]> {
  const all: RoomIndicator[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const query = { ...filter, limit: EXPORT_PAGE_SIZE, ...(cursor !== undefined && { cursor }) }
    const page = await client.listIndicators(event_id, query)
    all.push(...page.items)
    cursor = page.next_cursor
  }
  return all
}

const MAX_SIMILAR = 3

/** Loads up to three events that are most similar to this one. */
export const loadSimilarEvents = async (event_id: string): Promise<SimilarEvent[]> =>
  (await client.listSimilarEvents(event_id, { limit: MAX_SIMILAR })).items

/** Resolves to undefined until a worker has extracted the indicator from a message. */
export async function findIndicator(
  event_id: string,
  type: IndicatorType,
  value: string,
): Promise<RoomIndicator | undefined> {
  return (await client.listIndicators(event_id, { type, value, limit: 1 })).items[0]
}

const MAX_RESULTS = 20

/** Finds indicators of all rooms whose value begins with the text. */
export async function searchIndicators(q: string): Promise<FoundIndicator[]> {
  return (await client.searchIndicators({ q, limit: MAX_RESULTS })).items
}
