import type { ReplyContext } from '../shared/index.ts'

/** What a model is told of an event before anybody asks: the event and its latest summary, as of one version of both. */
export interface EventFacts extends Pick<ReplyContext, 'event' | 'summary'> {
  version: string
}

/**
 * Facts that were read a short while ago, for all processes. Whoever reads them compares the version with MySQL's, so what is old is
 * never told. Nothing here rejects or waits for long; what is missing, late or malformed is read anew.
 */
export interface EventFactsCache {
  find(event_id: string): Promise<EventFacts | undefined>
  put(facts: EventFacts): void
}
