import { deriveEventRights } from '../../../src/people/access.ts'
import { EVENT_RELEVANCE_LIMITS } from '../../../src/ranking/rank-entries.ts'
import {
  MAX_COMPARED_INDICATORS,
  MAX_SHARING_EVENTS,
  MAX_SIMILAR_TEXTS,
  type SimilarEventsLookup,
} from '../../../src/ranking/similar/similar-events.ts'
import { toEventQueryText } from '../../../src/ranking/text-rules.ts'
import type { IndicatorReader } from '../../../src/rooms/indicators/indicator-store.ts'
import type { Principal } from '../../../src/shared/principal.ts'
import type { MemoryData, StoredOccurrence } from '../memory-data.ts'
import { findAccessAndRole } from '../people/rights.ts'
import { rankTexts } from './text-index.ts'

export function createMemorySimilarEvents(data: MemoryData): SimilarEventsLookup {
  return {
    async findSimilarities(reader, event_id) {
      const sharedIndicators = findSharedIndicators(data, reader, event_id)
      const similarTexts = findSimilarTexts(data, reader, event_id)
      const ids = new Set([
        ...sharedIndicators.flatMap((indicator) => indicator.event_ids),
        ...similarTexts.map((event) => event.event_id),
      ])
      return { sharedIndicators, similarTexts, events: [...ids].flatMap((id) => readEvent(data, reader, id)) }
    },
  }
}

function findSharedIndicators(data: MemoryData, { caller, audiences }: IndicatorReader, event_id: string) {
  const listReadable = (id: string): StoredOccurrence[] =>
    [...(data.indicators.get(id)?.rows.values() ?? [])].flat().filter(({ audience }) => audiences.includes(audience))
  const occurrencesByValue = Map.groupBy(listReadable(event_id), ({ value_hash }) => value_hash)
  const otherIds = [...data.indicators.keys()].filter((id) => id !== event_id && mayEnter(data, caller, id))
  return [...occurrencesByValue].slice(0, MAX_COMPARED_INDICATORS).flatMap(([value_hash, [occurrence]]) => {
    const event_ids = otherIds.filter((id) => listReadable(id).some((shared) => shared.value_hash === value_hash))
    if (!occurrence || event_ids.length === 0) return []
    return [{ type: occurrence.type, value: occurrence.value, event_ids: event_ids.slice(0, MAX_SHARING_EVENTS) }]
  })
}

function findSimilarTexts(data: MemoryData, { caller }: IndicatorReader, event_id: string) {
  const event = data.rooms.get(event_id)?.event
  if (!event) return []
  const enterable = [...data.indexedEvents].filter(([id]) => mayEnter(data, caller, id))
  const ids = enterable.map(([id]) => id)
  const texts = new Map(enterable.map(([, text], entry) => [entry, text]))
  const query = { text: toEventQueryText(event), before: Number.POSITIVE_INFINITY, limit: MAX_SIMILAR_TEXTS }
  return rankTexts(texts, { ...query, relevanceLimits: EVENT_RELEVANCE_LIMITS }).flatMap(({ entry, relevance }) => {
    const similarId = ids[entry]
    return similarId === undefined || similarId === event_id ? [] : [{ event_id: similarId, relevance }]
  })
}

const mayEnter = (data: MemoryData, caller: Principal, event_id: string): boolean =>
  deriveEventRights(caller, findAccessAndRole(data, caller.user_id, event_id)).read

function readEvent(data: MemoryData, { caller }: IndicatorReader, event_id: string) {
  const room = data.rooms.get(event_id)
  if (!room || !mayEnter(data, caller, event_id)) return []
  const { event_name, severity, tlp, message, created_at } = room.event
  const event_summary = room.summaries.at(-1)?.event_summary ?? null
  return [{ event_id, event_name, severity, tlp, message, created_at, event_summary }]
}
