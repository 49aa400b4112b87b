import type { IndicatorReader } from '../../rooms/index.ts'
import type { SimilarIncident } from '../../shared/index.ts'
import { rankSimilar } from './rank-similar.ts'
import type { Similarities } from './similar-events.ts'

/**
 * Stands for any person: it may read only what every person may read. It has no user id, because it is a member of no
 * event. An answer may be shared with everybody in its room, so its sources are the similar events that this reader
 * finds. An event that only some people may enter is not among them.
 */
export const EVERY_PERSON: IndicatorReader = {
  caller: { user_id: '', role: 'engineer' },
  audiences: ['all', 'people'],
}

/** Lists at most `limit` of the similar events, the most similar first, as sources of a prompt. */
export function listIncidents(similarities: Similarities, limit: number): SimilarIncident[] {
  const tlpByEvent = new Map(similarities.events.map(({ event_id, tlp }) => [event_id, tlp]))
  return rankSimilar(similarities, limit).map(({ event_id, event_name, severity, shared_indicators, excerpt }) => ({
    event_id,
    event_name,
    severity,
    // The label is never missing, because only events of `similarities.events` are ranked.
    tlp: tlpByEvent.get(event_id) ?? 'red',
    sharedValues: shared_indicators.map(({ value }) => value),
    excerpt,
  }))
}
