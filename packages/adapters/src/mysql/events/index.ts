export { countRedEvents } from './count-red-events.ts'
export { FACTS_VERSION, type FactsVersion, findEventFacts, readFactsVersion } from './event-facts.ts'
export {
  SUMMARY_COLUMNS,
  type SummaryRecord,
  toSummary,
} from './event-row.ts'
export { createEventStore } from './events.ts'
export { createInboxStore } from './inbox.ts'
export { findEvent } from './read-event.ts'
export { findCurrentSummary } from './summaries.ts'
