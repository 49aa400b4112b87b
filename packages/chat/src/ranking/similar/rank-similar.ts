import type { SimilarEvent } from '@engineer-chat/protocol'
import type { CommonEvent, CommonFacts } from './similar-events.ts'

/** An item names at most this many indicators. */
const MAX_SHOWN_INDICATORS = 10
const MAX_EXCERPT_CHARACTERS = 240
/** Events that share an indicator have this score or more, and others less. */
const SHARED_SCORE = 0.5

interface Shared {
  /** Adds up the weights of the shared indicators. */
  weight: number
  indicators: Array<SimilarEvent['shared_indicators'][number] & { weight: number }>
}

/**
 * Ranks the events that share indicators, the rarest first, before those whose text fits. Of equal events the newest
 * come first.
 */
export function rankSimilar({ values, fitting, events }: CommonFacts, limit: number): SimilarEvent[] {
  const relevances = new Map(fitting.map(({ event_id, relevance }) => [event_id, relevance]))
  const shared = listShared(values, new Set(events.map(({ event_id }) => event_id)))
  return events
    .map((event) => ({
      event,
      shared: shared.get(event.event_id),
      relevance: relevances.get(event.event_id) ?? 0,
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
    .map(({ event, score, shared: found }) => toSimilarEvent(event, score, found))
}

/** An indicator weighs 1 if one other event has it, and a tenth if ten have it. */
function listShared(values: CommonFacts['values'], known: ReadonlySet<string>): Map<string, Shared> {
  const shared = new Map<string, Shared>()
  for (const { type, value, event_ids } of values) {
    const others = event_ids.filter((event_id) => known.has(event_id))
    const weight = 1 / others.length
    for (const event_id of others) {
      const sum = shared.get(event_id) ?? { weight: 0, indicators: [] }
      shared.set(event_id, sum)
      sum.weight += weight
      sum.indicators.push({ type, value, weight })
    }
  }
  return shared
}

function toScore(weight: number, relevance: number): number {
  if (weight > 0) return SHARED_SCORE + (1 - SHARED_SCORE) * (weight / (1 + weight))
  return SHARED_SCORE * (relevance / (1 + relevance))
}

function toSimilarEvent(event: CommonEvent, score: number, shared: Shared | undefined): SimilarEvent {
  const { event_id, event_name, severity } = event
  const rarest = shared?.indicators.toSorted((one, other) => other.weight - one.weight) ?? []
  return {
    event_id,
    event_name,
    severity,
    score,
    shared_indicators: rarest.slice(0, MAX_SHOWN_INDICATORS).map(({ type, value }) => ({ type, value })),
    excerpt: toExcerpt(event.event_summary?.trim() || event.message.trim()),
  }
}

function toExcerpt(text: string): string {
  const line = text.slice(0, 2 * MAX_EXCERPT_CHARACTERS).replaceAll(/\s+/g, ' ')
  return line.length <= MAX_EXCERPT_CHARACTERS ? line : `${line.slice(0, MAX_EXCERPT_CHARACTERS).toWellFormed()}…`
}
