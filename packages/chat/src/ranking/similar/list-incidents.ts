import type { IndicatorReader } from '../../rooms/index.ts'
import type { SimilarIncident } from '../../shared/index.ts'
import { rankSimilar } from './rank-similar.ts'
import type { Similarities } from './similar-events.ts'

/**
 * This reader may read only what every person may read. An answer may be shared with everybody in its room, so an event
 * that only some people may enter cannot be its source.
 */
export const EVERY_PERSON: IndicatorReader = {
  caller: { user_id: '', role: 'engineer' },
  audiences: ['all', 'people'],
}

/** Lists the events that were most like another one, as sources of an answer. */
export function listIncidents(similarities: Similarities, limit: number): SimilarIncident[] {
  const tlpByEvent = new Map(similarities.events.map(({ event_id, tlp }) => [event_id, tlp]))
  return rankSimilar(similarities, limit).map(({ event_id, event_name, severity, shared_indicators, excerpt }) => ({
    event_id,
    event_name,
    severity,
    tlp: tlpByEvent.get(event_id) ?? 'red',
    sharedValues: shared_indicators.map(({ value }) => value),
    excerpt,
  }))
}
