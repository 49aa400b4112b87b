import type { SimilarEvent } from '@engineer-chat/protocol'
import type { SimilarEventRecord, Similarities } from './similar-events.ts'

/** A similar event is listed with at most this many of the shared indicators, the rarest ones. */
const MAX_SHOWN_INDICATORS = 10
/** An excerpt that is cut to this length gets `…` at its end. */
const MAX_EXCERPT_CODE_UNITS = 240
/** An event that shares an indicator has a score above this, any other event a score below it. */
const SHARED_SCORE = 0.5

/** Holds the indicators that one event shares with the event that is compared. */
interface SharedIndicators {
  /** Is the sum of the weights of `indicators`. */
  weight: number
  indicators: Array<SimilarEvent['shared_indicators'][number] & { weight: number }>
}

/**
 * Ranks the events that share indicators before those that only have similar texts. Rare indicators count more than
 * frequent ones. Of events with equal scores, the one with the more similar text comes first, then the newer one.
 */
export function rankSimilar({ sharedIndicators, similarTexts, events }: Similarities, limit: number): SimilarEvent[] {
  const relevanceByEvent = new Map(similarTexts.map(({ event_id, relevance }) => [event_id, relevance]))
  const sharedByEvent = groupByEvent(sharedIndicators, new Set(events.map(({ event_id }) => event_id)))
  return events
    .map((event) => ({
      event,
      shared: sharedByEvent.get(event.event_id),
      relevance: relevanceByEvent.get(event.event_id) ?? 0,
    }))
    .map((candidate) => ({ ...candidate, score: toScore(candidate.shared?.weight ?? 0, candidate.relevance) }))
    .filter(({ score }) => score > 0)
    .sort(
      (one, other) =>
        other.score - one.score ||
        other.relevance - one.relevance ||
        (one.event.created_at < other.event.created_at ? 1 : -1),
    )
    .slice(0, limit)
    .map(({ event, score, shared }) => toSimilarEvent(event, score, shared))
}

/**
 * Collects the shared indicators of each event of `rankedEventIds`. An indicator weighs 1 if one of these events has
 * it, and 1/10 if ten of them have it.
 */
function groupByEvent(indicators: Similarities['sharedIndicators'], rankedEventIds: ReadonlySet<string>) {
  const sharedByEvent = new Map<string, SharedIndicators>()
  for (const { type, value, event_ids } of indicators) {
    const sharingIds = event_ids.filter((event_id) => rankedEventIds.has(event_id))
    const weight = 1 / sharingIds.length
    for (const event_id of sharingIds) {
      const shared = sharedByEvent.get(event_id) ?? { weight: 0, indicators: [] }
      sharedByEvent.set(event_id, shared)
      shared.weight += weight
      shared.indicators.push({ type, value, weight })
    }
  }
  return sharedByEvent
}

/**
 * Returns a score between `SHARED_SCORE` and 1 if the event shares indicators: then only their weight counts. If it
 * shares none, the weight is 0, and the relevance of its text gives a score from 0 to below `SHARED_SCORE`.
 */
function toScore(sharedWeight: number, relevance: number): number {
  if (sharedWeight > 0) return SHARED_SCORE + (1 - SHARED_SCORE) * (sharedWeight / (1 + sharedWeight))
  return SHARED_SCORE * (relevance / (1 + relevance))
}

function toSimilarEvent(event: SimilarEventRecord, score: number, shared: SharedIndicators | undefined): SimilarEvent {
  const { event_id, event_name, severity } = event
  const rarestFirst = shared?.indicators.toSorted((one, other) => other.weight - one.weight) ?? []
  return {
    event_id,
    event_name,
    severity,
    score,
    shared_indicators: rarestFirst.slice(0, MAX_SHOWN_INDICATORS).map(({ type, value }) => ({ type, value })),
    excerpt: toExcerpt(event.event_summary?.trim() || event.message.trim()),
  }
}

function toExcerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= MAX_EXCERPT_CODE_UNITS ? line : `${line.slice(0, MAX_EXCERPT_CODE_UNITS).toWellFormed()}…`
}
