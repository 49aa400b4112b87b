import type { ReplyContext } from '../shared/index.ts'

/**
 * Holds the part of a prompt's context that is the same for all questions: the event and its latest summary. `version`
 * changes with either of them. Only the event's `seq` may be old, because it grows with every message.
 */
export interface EventFacts extends Pick<ReplyContext, 'event' | 'summary'> {
  version: string
}

/**
 * Caches facts for all processes. A caller of `find` compares `version` with the version in MySQL, so old facts are
 * never used. No promise rejects or waits for long; facts that are missing, late or malformed are read from MySQL.
 */
export interface EventFactsCache {
  find(event_id: string): Promise<EventFacts | undefined>
  put(facts: EventFacts): void
}
